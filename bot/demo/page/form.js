// A form of the bot (a modal): every control Discord has, in a dialog that no update touches.

import { act } from "./api.js";
import { h, icon, readFile, sizeOf, toast } from "./dom.js";
import { markdown } from "./markdown.js";
import { came, SELECTS, selectButton } from "./message.js";

let serial = 0;

function field(part, label, about) {
  const id = `field-${++serial}`;
  const control = build(part, id, label, about);
  const required = part.required ?? (part.type === 4 || part.type in SELECTS);
  const error = h("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const group = part.type === 21 || part.type === 22;
  const words = [label, required ? h("span", { class: "required", "aria-hidden": "true" }, "*") : null];
  const node = group
    ? h("fieldset", { class: "field", "aria-describedby": `${id}-error` }, h("legend", {}, words), about ? h("p", { class: "field-about" }, about) : null, control.node, error)
    : h("div", { class: "field" }, part.type === 23 ? null : h("label", { for: id }, words), about && part.type !== 23 ? h("p", { class: "field-about" }, about) : null, control.node, error);
  const check = () => {
    const fault = fault_(part, control.value(), required);
    error.textContent = fault ?? "";
    error.hidden = !fault;
    return !fault;
  };
  return { node, check, part, value: control.value, dirty: control.dirty, focus: () => node.querySelector("input, textarea, button")?.focus() };
}

function fault_(part, value, required) {
  const many = Array.isArray(value);
  const empty = value === null || value === "" || (many && !value.length);
  if (empty) return required ? "Please fill this in." : null;
  if (part.type === 4 && part.min_length && value.length < part.min_length) return `At least ${part.min_length} characters, please.`;
  if (part.type === 4 && part.max_length && value.length > part.max_length) return `At most ${part.max_length} characters, please.`;
  if (many && part.min_values && value.length < part.min_values) return `Choose at least ${part.min_values}.`;
  if (many && part.max_values && value.length > part.max_values) return `Choose at most ${part.max_values}.`;
  return null;
}

function build(part, id, label, about) {
  switch (part.type) {
    case 4: return text(part, id);
    case 19: return upload(part, id);
    case 21: return options(part, id, "radio");
    case 22: return options(part, id, "checkbox");
    case 23: return box(part, id, label, about);
    default: return select(part, id, label);
  }
}

function text(part, id) {
  const attrs = { id, class: "input", placeholder: part.placeholder ?? "", maxlength: part.max_length ?? null, "aria-describedby": `${id}-error`, autocomplete: "off" };
  const input = part.style === 2 ? h("textarea", { ...attrs, rows: "4" }) : h("input", { ...attrs, type: "text" });
  input.value = part.value ?? "";
  const count = h("span", { class: "count" });
  const show = () => { if (part.max_length) count.textContent = `${input.value.length}/${part.max_length}`; };
  input.addEventListener("input", show);
  show();
  return { node: h("div", {}, input, part.max_length ? count : null), value: () => input.value, dirty: () => input.value !== (part.value ?? "") };
}

function select(part, id, label) {
  let values = SELECTS[part.type] === "string" ? (part.options ?? []).filter((one) => one.default).map((one) => one.value) : (part.default_values ?? []).map((one) => String(one.id));
  const first = values.join();
  const optional = part.required === false;
  const node = selectButton({ ...part, min_values: optional ? 0 : part.min_values }, { label, chosen: values, onvalues: (next) => { values = next; }, attrs: { id } });
  return { node, value: () => values, dirty: () => values.join() !== first };
}

function options(part, id, kind) {
  const inputs = part.options.map((one, index) => h("input", { type: kind, name: id, id: `${id}-${index}`, value: one.value, checked: Boolean(one.default) }));
  const rows = part.options.map((one, index) => h("label", { class: "option", for: `${id}-${index}` }, inputs[index], h("span", { class: "mark", "aria-hidden": "true" }, kind === "checkbox" ? icon("check") : null),
    h("span", {}, h("span", { class: "option-label" }, one.label), one.description ? h("span", { class: "option-about" }, one.description) : null)));
  const chosen = () => inputs.filter((one) => one.checked).map((one) => one.value);
  const first = chosen().join();
  // A radio that is not required can be let go by pressing it again.
  if (kind === "radio" && part.required === false) {
    let last = inputs.find((one) => one.checked) ?? null;
    for (const input of inputs) input.addEventListener("click", () => { if (last === input) { input.checked = false; last = null; } else last = input; });
  }
  return { node: h("div", { class: "options" }, rows), value: () => (kind === "radio" ? chosen()[0] ?? null : chosen()), dirty: () => chosen().join() !== first };
}

function box(part, id, label, about) {
  const input = h("input", { type: "checkbox", id, checked: Boolean(part.default) });
  const node = h("label", { class: "option", for: id }, input, h("span", { class: "mark", "aria-hidden": "true" }, icon("check")),
    h("span", {}, h("span", { class: "option-label" }, label), about ? h("span", { class: "option-about" }, about) : null));
  return { node, value: () => input.checked, dirty: () => input.checked !== Boolean(part.default) };
}

function upload(part, id) {
  const max = part.max_values ?? 1;
  let files = [];
  const list = h("ul", { class: "files" });
  const input = h("input", { type: "file", id, multiple: max > 1, onchange: () => { files = [...files, ...input.files].slice(-max); input.value = ""; show(); } });
  const show = () => list.replaceChildren(...files.map((file) => h("li", {}, icon("file"), `${file.name} (${sizeOf(file.size)})`,
    h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${file.name}`, onclick: () => { files = files.filter((one) => one !== file); show(); } }, icon("close")))));
  return { node: h("div", { class: "upload" }, input, list), value: () => files, dirty: () => files.length > 0 };
}

function parts(form) {
  return form.components.map((part) => {
    if (part.type === 10) return { node: h("div", { class: "md form-note" }, markdown(part.content)) };
    if (part.type === 18) return field(part.component, part.label, part.description);
    const inner = part.components?.[0] ?? part;
    return field(inner, inner.label ?? "", null);
  });
}

export function showForm(form) {
  const fields = parts(form);
  const asked = fields.filter((one) => one.check);
  const note = h("p", { class: "form-fault", role: "alert", hidden: true });
  const send = h("button", { type: "submit", class: "button primary" }, "Submit");
  const title = `form-title-${++serial}`;
  let leaving = false;
  const say = (words) => { note.textContent = words; note.hidden = false; };
  const leave = () => {
    if (!leaving && asked.some((one) => one.dirty())) { leaving = true; say("What you typed is not sent. Leave once more to throw it away."); return; }
    dialog.close();
  };
  const body = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } },
    h("div", { class: "form-head" }, h("h2", { id: title }, form.title), h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: leave }, icon("close"))),
    h("div", { class: "form-fields" }, fields.map((one) => one.node)),
    note,
    h("div", { class: "form-foot" }, h("button", { type: "button", class: "button ghost", onclick: leave }, "Cancel"), send));
  const dialog = h("dialog", { class: "form", "aria-labelledby": title,
    oncancel: (event) => { event.preventDefault(); leave(); },
    onclose: () => { dialog.remove(); document.getElementById("composer-text")?.focus(); },
    oninput: () => { leaving = false; note.hidden = true; } }, body);

  async function submit() {
    const wrong = asked.filter((one) => !one.check());
    if (wrong.length) { wrong[0].focus(); return; }
    send.disabled = true;
    send.classList.add("busy");
    try {
      const values = {};
      for (const one of asked) {
        let value = one.value();
        if (one.part.type === 19) value = await Promise.all(value.map(readFile));
        if (!(Array.isArray(value) && !value.length)) values[one.part.custom_id] = value;
      }
      const result = await act("submit", { token: form.token, values });
      if (!result.ok) { say(result.error); return; }
      if (result.failed) { say("Something went wrong. The bot did not answer."); return; }
      dialog.close();
      await came(Promise.resolve(result));
    } catch (error) {
      toast(error.message);
    } finally {
      send.disabled = false;
      send.classList.remove("busy");
    }
  }

  document.body.append(dialog);
  dialog.showModal();
  asked[0]?.focus();
}
