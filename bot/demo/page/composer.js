// The box at the bottom: free text, files, replies, and slash commands with their options.

import { act, get, placeOf, state } from "./api.js";
import { $, h, icon, readFile, sizeOf, toast } from "./dom.js";
import { ListBox } from "./listbox.js";
import { came, entities, selectButton } from "./message.js";

const drafts = new Map();
let files = [];
let reply = null;
let known = { key: null, list: { slash: [], message: [], user: [] } };
let here = null;

const text = h("textarea", { id: "composer-text", rows: "1", class: "composer-text", "aria-label": "Message", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" });
const picker = new ListBox({ label: "Commands", onpick: (item) => open(item.command) });
const list = h("div", { class: "command-list", hidden: true }, h("p", { class: "popover-title" }, "Commands you can use here"), picker.node);
const above = h("div", { class: "above" });
const chips = h("ul", { class: "files" });
const input = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { files.push(...input.files); input.value = ""; showFiles(); } });
const attach = h("button", { type: "button", class: "icon-button", "aria-label": "Attach a file", onclick: () => input.click() }, icon("plus"));
const send = h("button", { type: "button", class: "icon-button send", "aria-label": "Send", onclick: () => submit() }, icon("send"));
const box = h("div", { class: "composer-box" }, attach, input, text, send);

export function buildComposer() {
  $("composer").append(list, above, chips, box);
  text.setAttribute("aria-controls", picker.id);
  picker.onactive = (id) => text.setAttribute("aria-activedescendant", id);
  text.addEventListener("input", () => { grow(); suggest(); });
  text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) hideList(); }, 150));
  text.addEventListener("focus", suggest);
  text.addEventListener("keydown", (event) => {
    if (!list.hidden && picker.key(event)) return;
    if (!list.hidden && event.key === "Tab" && picker.active >= 0) { event.preventDefault(); picker.pick(); return; }
    if (event.key === "Escape") {
      if (!list.hidden) { hideList(); event.preventDefault(); } else if (reply) { reply = null; showAbove(); event.preventDefault(); }
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  text.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { files.push(...event.clipboardData.files); showFiles(); } });
}

function grow() {
  text.style.setProperty("height", "auto");
  text.style.setProperty("height", `${Math.min(text.scrollHeight, 200)}px`);
}

function hideList() {
  list.hidden = true;
  text.setAttribute("aria-expanded", "false");
  text.removeAttribute("aria-activedescendant");
}

// What may be used here; asked for again whenever something changed.
export async function commandsHere() {
  const key = `${state.me}/${state.place}/${state.view?.version}`;
  if (known.key === key) return known.list;
  const found = await get(`/commands?as=${state.me}&place=${state.place}`).catch(() => ({ slash: [], message: [], user: [] }));
  known = { key, list: found };
  return found;
}

let turn = 0;
async function suggest() {
  const typed = text.value;
  if (!/^\/[^\n]*$/.test(typed) || document.activeElement !== text) { hideList(); return; }
  const mine = ++turn;
  const { slash } = await commandsHere();
  if (mine !== turn || text.value !== typed) return;
  const words = typed.slice(1).trim().toLowerCase();
  const first = (one) => (one.name.startsWith(words) ? 0 : 1);
  const fits = slash.filter((one) => one.name.includes(words) || (words.length > 2 && one.description.toLowerCase().includes(words)));
  picker.show(fits.sort((a, b) => first(a) - first(b)).map((command) => ({ value: command.name, label: `/${command.name}`, description: command.description, icon: "command", command })), "No command like this here.");
  list.hidden = false;
  text.setAttribute("aria-expanded", "true");
}

// Somebody else, or another place: what was typed before stays with its place.
export function moveTo(place) {
  const next = place ? `${state.me}/${place.id}` : null;
  if (next !== here) {
    if (here) drafts.set(here, { text: text.value, files, reply });
    const draft = drafts.get(next) ?? { text: "", files: [], reply: null };
    here = next;
    text.value = draft.text;
    files = draft.files;
    reply = draft.reply;
    hideList();
    showAbove();
    showFiles();
    grow();
  }
  $("composer").hidden = !place || place.kind === "forum";
  if (!place) return;
  const closed = !place.can_send;
  text.placeholder = closed ? "You cannot write here. A slash command still works: type /" : `Message ${place.kind === "dm" ? "Interlude" : `#${place.name}`}   ·   / for commands`;
  box.classList.toggle("closed", closed);
  attach.disabled = closed || place.kind === "dm";
}

export function replyTo(message) {
  reply = { id: message.id, name: message.author.name };
  showAbove();
  text.focus();
}

function showAbove() {
  above.replaceChildren();
  if (reply) above.append(h("p", { class: "reply-bar" }, icon("reply"), `Replying to ${reply.name}`, h("button", { type: "button", class: "icon-button", "aria-label": "Do not reply", onclick: () => { reply = null; showAbove(); text.focus(); } }, icon("close"))));
}

function showFiles() {
  chips.replaceChildren(...files.map((file) => h("li", {}, icon("file"), `${file.name} (${sizeOf(file.size)})`,
    h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${file.name}`, onclick: () => { files = files.filter((one) => one !== file); showFiles(); } }, icon("close")))));
}

async function submit() {
  const typed = text.value.trim();
  if (typed.startsWith("/")) {
    const { slash } = await commandsHere();
    const command = slash.find((one) => one.name === typed.slice(1).trim());
    if (command) { open(command); return; }
    toast("There is no such command here. Type / to see them all.");
    return;
  }
  if (!typed && !files.length) return;
  if (!placeOf(state.place)?.can_send) { toast("You cannot write here."); return; }
  const kept = { text: text.value, files, reply };
  text.value = "";
  files = [];
  reply = null;
  grow();
  showFiles();
  showAbove();
  const from = here;
  const sent = await came(act("send", { text: kept.text, files: await Promise.all(kept.files.map(readFile)), reply_to: kept.reply?.id ?? null }));
  if (sent) return;
  // What was refused goes back into the box it came from.
  drafts.set(from, kept);
  if (from === here && !text.value) { here = null; moveTo(placeOf(state.place)); }
}

function open(command) {
  hideList();
  text.value = "";
  grow();
  if (!command.options.length) { came(act("slash", { name: command.name, options: {} })); return; }
  const fields = command.options.map((option) => optionField(command, option, () => values()));
  const values = () => Object.fromEntries(fields.map((one) => [one.option.name, one.value()]).filter(([, value]) => value !== null && value !== ""));
  const close = () => { above.replaceChildren(); text.focus(); };
  const form = h("form", { class: "command-form", novalidate: true,
    onkeydown: (event) => { if (event.key === "Escape" && !event.defaultPrevented) { event.preventDefault(); close(); } },
    onsubmit: async (event) => {
      event.preventDefault();
      const missing = fields.find((one) => one.option.required && (one.value() === null || one.value() === ""));
      if (missing) { missing.complain(); return; }
      const options = values();
      for (const one of fields) if (one.option.type === 11 && options[one.option.name]) options[one.option.name] = await readFile(options[one.option.name]);
      if (await came(act("slash", { name: command.name, options }))) close();
    } },
  h("p", { class: "command-head" }, h("strong", {}, `/${command.name}`), h("span", { class: "muted" }, command.description)),
  h("div", { class: "command-fields" }, fields.map((one) => one.node)),
  h("div", { class: "command-foot" }, h("button", { type: "button", class: "button ghost", onclick: close }, "Cancel"), h("button", { type: "submit", class: "button primary" }, "Run")));
  above.replaceChildren(form);
  form.querySelector("input, button.select")?.focus();
}

let serial = 0;
const KINDS = { 6: "user", 7: "channel", 8: "role", 9: "mentionable" };
const SELECT_OF = { user: 5, role: 6, mentionable: 7, channel: 8 };

function optionField(command, option, filled) {
  const id = `option-${++serial}`;
  const made = control(command, option, id, filled);
  const error = h("p", { class: "field-error", hidden: true }, "Please fill this in.");
  const node = h("div", { class: "command-field" },
    h("label", { for: id }, option.name, option.required ? h("span", { class: "required" }, "*") : h("span", { class: "muted" }, " optional")),
    made.node, h("p", { class: "field-about" }, option.description), error);
  node.addEventListener("input", () => { error.hidden = true; });
  return { node, option, value: made.value, complain: () => { error.hidden = false; node.querySelector("input, button")?.focus(); } };
}

function control(command, option, id, filled) {
  if (option.type === 11) {
    const file = h("input", { type: "file", id });
    return { node: file, value: () => file.files[0] ?? null };
  }
  if (option.type === 5) return pick(option, id, [{ value: "true", label: "Yes" }, { value: "false", label: "No" }], (value) => value === "true");
  if (option.choices?.length) return pick(option, id, option.choices.map((one) => ({ value: String(one.value), label: one.name })), (value) => option.choices.find((one) => String(one.value) === value).value);
  if (KINDS[option.type]) return pick(option, id, entities(KINDS[option.type], option.channel_types), (value) => value, SELECT_OF[KINDS[option.type]]);
  const field = h("input", { id, class: "input", type: "text", autocomplete: "off", inputmode: option.type === 4 ? "numeric" : option.type === 10 ? "decimal" : null, maxlength: option.max_length ?? null });
  if (!option.autocomplete) return { node: field, value: () => field.value };
  return suggesting(command, option, field, filled);
}

function pick(option, id, items, read, type = 3) {
  let value = null;
  const part = { type, options: items, placeholder: "Choose", channel_types: option.channel_types };
  const node = selectButton(part, { label: option.name, chosen: [], onvalues: (values) => { value = read(values[0]); node.dispatchEvent(new Event("input", { bubbles: true })); }, attrs: { id } });
  return { node, value: () => value };
}

// The bot's own suggestions while one types; what is typed counts too.
function suggesting(command, option, field, filled) {
  let chosen = null;
  let mine = 0;
  const offers = new ListBox({ label: option.name, onpick: (item) => { field.value = item.label; chosen = item.value; hide(); } });
  const hide = () => { offers.node.hidden = true; field.setAttribute("aria-expanded", "false"); };
  offers.onactive = (id) => field.setAttribute("aria-activedescendant", id);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": offers.id, "aria-autocomplete": "list" })) field.setAttribute(name, value);
  const load = async () => {
    const now = ++mine;
    const others = { ...filled() };
    delete others[option.name];
    for (const [name, value] of Object.entries(others)) if (value instanceof File) delete others[name];
    const result = await act("autocomplete", { name: command.name, option: option.name, typed: field.value, options: others });
    if (now !== mine || document.activeElement !== field) return;
    offers.show((result.choices ?? []).map((one) => ({ value: one.value, label: one.name })), "Nothing fits.");
    offers.node.hidden = false;
    field.setAttribute("aria-expanded", "true");
  };
  field.addEventListener("input", () => { chosen = null; load(); });
  field.addEventListener("focus", load);
  field.addEventListener("blur", hide);
  field.addEventListener("keydown", (event) => {
    if (offers.node.hidden) return;
    if (event.key === "Escape") { event.preventDefault(); hide(); } else offers.key(event);
  });
  hide();
  return { node: h("div", { class: "suggesting" }, field, offers.node), value: () => (field.value ? chosen ?? field.value : null) };
}
