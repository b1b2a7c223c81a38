// One message: text, embeds, cards, files, buttons and selects.

import { act, now, person, placeOf, state } from "./api.js";
import { avatar, day, fullStamp, h, icon, nearDay, sizeOf, time, toast } from "./dom.js";
import { showForm } from "./form.js";
import { choose } from "./listbox.js";
import { inline, link, markdown } from "./markdown.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "secondary" };
export const SELECTS = { 3: "string", 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

// An answered interaction: a form opens, or a failure shows where Discord shows it.
export async function came(promise, message = null) {
  let result;
  document.dispatchEvent(new CustomEvent("acted"));
  try {
    result = await promise;
  } catch (error) {
    toast(`The demo did not answer. ${error.message}`);
    return false;
  }
  if (!result.ok) toast(result.error);
  else if (result.failed) fail(message);
  if (result.form) showForm(result.form);
  return result.ok && !result.failed;
}

const failed = new Set();
function fail(message) {
  if (!message) { toast("This interaction failed: the bot did not answer."); return; }
  failed.add(message.id);
  document.querySelector(`[data-message="${message.id}"] .failed`)?.removeAttribute("hidden");
  setTimeout(() => { failed.delete(message.id); document.querySelector(`[data-message="${message.id}"] .failed`)?.setAttribute("hidden", ""); }, 12000);
}

export function entities(kind, only = null) {
  const view = state.view;
  const people = view.people.map((one) => ({ value: one.id, label: one.name, description: view.personas.find((who) => who.user === one.id)?.part ?? (one.bot ? "The bot" : ""), person: one }));
  const roles = view.roles.map((one) => ({ value: one.id, label: `@${one.name}`, description: "Role" }));
  const places = view.places.filter((one) => one.kind !== "dm" && (!only?.length || only.includes(NUMBERS[one.kind])) && (only?.length || one.kind !== "category"))
    .map((one) => ({ value: one.id, label: one.name, icon: one.kind === "category" ? "forum" : one.kind, description: placeOf(one.parent)?.name ?? "" }));
  return { user: people, role: roles, mentionable: [...people, ...roles], channel: places }[kind];
}
const NUMBERS = { text: 0, voice: 2, category: 4, news: 5, thread: 11, private_thread: 12, stage: 13, forum: 15 };

export const optionItems = (part) => SELECTS[part.type] === "string"
  ? (part.options ?? []).map((one) => ({ value: one.value, label: one.label, description: one.description, emoji: one.emoji?.name }))
  : entities(SELECTS[part.type], part.channel_types);

const defaults = (part) => SELECTS[part.type] === "string"
  ? (part.options ?? []).filter((one) => one.default).map((one) => one.value)
  : (part.default_values ?? []).map((one) => String(one.id));

// A select as a button with a list; used in messages and in forms.
export function selectButton(part, { label, chosen = defaults(part), onvalues, attrs = {} }) {
  const items = optionItems(part);
  const min = part.min_values ?? 1;
  const max = part.max_values ?? 1;
  const words = (values) => values.map((value) => items.find((one) => one.value === value)?.label ?? value).join(", ");
  const text = h("span", { class: "select-text" });
  let values = chosen;
  const show = () => { text.textContent = words(values) || part.placeholder || "Choose"; button.classList.toggle("unset", !values.length); };
  const set = (next) => { values = next; show(); onvalues(next); };
  const button = h("button", { type: "button", class: "select", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": label ? `${label}: choose` : null, disabled: Boolean(part.disabled), ...attrs,
    onclick: () => choose({ anchor: button, label: label || part.placeholder || "Choose", items, multi: max > 1 || min === 0, min, max, chosen: values, onpick: (item) => set([item.value]), ondone: set }),
    onkeydown: (event) => { if (event.key === "ArrowDown") { event.preventDefault(); button.click(); } } }, text, icon("chevron"));
  show();
  return button;
}

function emojiOf(part) {
  const name = typeof part.emoji === "string" ? part.emoji : part.emoji?.name;
  return name ? h("span", { class: "emoji", "aria-hidden": "true" }, name) : null;
}

function button(part, message) {
  const words = [emojiOf(part), part.label ? h("span", {}, part.label) : null];
  const attrs = { class: `button ${STYLES[part.style] ?? "secondary"}`, "aria-label": part.label ? null : "Button" };
  if (part.style === 5) {
    const node = link(part.url ?? "", [...words, icon("link")]);
    node.className = attrs.class;
    return node;
  }
  const node = h("button", { type: "button", ...attrs, disabled: Boolean(part.disabled), dataset: { custom: part.custom_id ?? "" },
    onclick: async () => {
      node.classList.add("busy");
      node.disabled = true;
      await came(act("click", { message: message.id, custom_id: part.custom_id }), message);
      node.classList.remove("busy");
      node.disabled = Boolean(part.disabled);
      // A button that was not replaced keeps the keyboard where it was.
      if (node.isConnected && document.activeElement === document.body) node.focus();
    } }, words);
  return node;
}

function messageSelect(part, message) {
  const node = selectButton(part, { label: part.placeholder, onvalues: (values) => came(act("select", { message: message.id, custom_id: part.custom_id, type: part.type, values }), message), attrs: { "data-custom": part.custom_id } });
  return node;
}

export function picture(url, alt, { name = "picture", small = false, hidden = false } = {}) {
  const local = /^\/file\//.test(url ?? "");
  const about = alt || "No description was given for this picture.";
  if (!local) return h("p", { class: "muted" }, `Picture kept outside: ${about}`);
  const image = h("img", { src: url, alt: alt ?? "", loading: "lazy" });
  const open = h("button", { type: "button", class: `picture${small ? " small" : ""}${hidden ? " covered" : ""}`, "aria-label": `Open picture: ${about}`,
    onclick: () => { if (open.classList.contains("covered")) open.classList.remove("covered"); else lightbox(url, alt, name); } }, image);
  if (small) return open;
  const words = h("p", { class: "alt-text", hidden: true }, about);
  return h("figure", { class: "figure" }, h("div", { class: "frame" }, open,
    alt ? h("button", { type: "button", class: "alt-badge", "aria-expanded": "false", "aria-label": "What the picture shows, in words",
      onclick: (event) => { words.hidden = !words.hidden; event.currentTarget.setAttribute("aria-expanded", String(!words.hidden)); } }, "ALT") : null), words);
}

function lightbox(url, alt, name) {
  const dialog = h("dialog", { class: "lightbox", "aria-label": name, onclose: () => dialog.remove(), onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    h("img", { src: url, alt: alt ?? "" }), alt ? h("p", {}, alt) : null,
    h("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Close"));
  document.body.append(dialog);
  dialog.showModal();
}

function fileChip(name, url, size) {
  return h("a", { class: "file", href: url, download: name }, icon("file"), h("span", {}, h("span", { class: "file-name" }, name), size ? h("span", { class: "muted" }, sizeOf(size)) : null));
}

export function component(part, message) {
  const inner = (list) => (list ?? []).map((child) => component(child, message));
  switch (part.type) {
    case 1: return h("div", { class: "row" }, inner(part.components));
    case 2: return button(part, message);
    case 3: case 5: case 6: case 7: case 8: return messageSelect(part, message);
    case 9: return h("div", { class: "section" }, h("div", { class: "section-text" }, inner(part.components)), h("div", { class: "accessory" }, component(part.accessory, message)));
    case 10: return h("div", { class: "md" }, markdown(part.content));
    case 11: return picture(part.media?.url, part.description, { small: true, hidden: part.spoiler });
    case 12: return h("div", { class: "gallery", dataset: { count: String(part.items.length) } }, part.items.map((item) => picture(item.media?.url, item.description, { hidden: item.spoiler })));
    case 13: return fileChip(part.name ?? decodeURIComponent((part.file?.url ?? "file").split("/").pop()), part.file?.url, part.size);
    case 14: return part.divider === false ? h("div", { class: `gap size-${part.spacing ?? 1}` }) : h("hr", { class: `separator size-${part.spacing ?? 1}` });
    case 17: {
      const card = h("div", { class: `card${part.spoiler ? " covered" : ""}` }, inner(part.components));
      if (part.accent_color !== null && part.accent_color !== undefined) card.style.setProperty("--accent-line", `#${part.accent_color.toString(16).padStart(6, "0")}`);
      return card;
    }
    default: return h("p", { class: "muted" }, "This page cannot show this part.");
  }
}

function embed(data) {
  const node = h("div", { class: "embed" },
    h("div", { class: "embed-body" },
      data.author?.name ? h("p", { class: "embed-author" }, data.author.name) : null,
      data.title ? h("p", { class: "embed-title" }, data.url ? link(data.url, inline(data.title)) : inline(data.title)) : null,
      data.description ? h("div", { class: "md" }, markdown(data.description)) : null,
      data.fields?.length ? h("dl", { class: "fields" }, data.fields.map((field) => h("div", { class: field.inline ? "" : "wide" }, h("dt", {}, inline(field.name)), h("dd", { class: "md" }, markdown(field.value))))) : null,
      data.image ? picture(data.image.url, data.image.description ?? data.title ?? "", {}) : null,
      data.footer?.text || data.timestamp ? h("p", { class: "embed-foot" }, [data.footer?.text, data.timestamp ? fullStamp(new Date(data.timestamp)) : null].filter(Boolean).join(" · ")) : null),
    data.thumbnail ? picture(data.thumbnail.url, "", { small: true }) : null);
  if (data.color !== undefined && data.color !== null) node.style.setProperty("--accent-line", `#${data.color.toString(16).padStart(6, "0")}`);
  return node;
}

const isPicture = (file) => /^image\/(png|jpeg|gif|webp)$/.test(file.type ?? "");

function head(message, at) {
  const author = message.author;
  const name = h("button", { type: "button", class: "author", dataset: { user: author.id } }, author.name);
  if (author.color) name.style.setProperty("--author", author.color);
  return h("div", { class: "message-head" }, name, author.bot ? h("span", { class: "tag" }, "APP") : null,
    h("time", { class: "at", datetime: message.at, title: fullStamp(at) }, `${nearDay(at, now())} ${time(at)}`));
}

export function messageNode(message, grouped) {
  const at = new Date(message.at);
  if (message.system) {
    return h("div", { class: "message system", dataset: { message: message.id } }, icon("thread"), h("span", {}, message.content), h("time", { class: "at", datetime: message.at }, time(at)));
  }
  const me = state.view.me.id;
  const rung = new RegExp(`<@!?${me}>`).test(JSON.stringify([message.content, message.components]));
  const body = h("div", { class: "message-body" },
    message.reply ? h("p", { class: "reply-line" }, icon("reply"), message.reply.author ? `${message.reply.author}: ${message.reply.text || "a card"}` : "A message that is gone") : null,
    message.command ? h("p", { class: "reply-line" }, icon("command"), `${message.command.user} used ${message.command.name ? `/${message.command.name}` : "a command"}`) : null,
    grouped ? null : head(message, at),
    message.loading ? h("p", { class: "thinking" }, h("span", { class: "dots", "aria-hidden": "true" }), `${message.author.name} is thinking…`) : null,
    message.content && !message.loading ? h("div", { class: "md" }, markdown(message.content), message.edited ? h("span", { class: "edited" }, "(edited)") : null) : null,
    message.embeds.map(embed),
    message.attachments.map((file) => isPicture(file) ? picture(file.url, file.alt, { name: file.name }) : fileChip(file.name, file.url, file.size)),
    message.components.map((part) => component(part, message)),
    message.reactions.length ? h("div", { class: "reactions" }, message.reactions.map((one) => h("button", { type: "button", class: "reaction", onclick: () => came(act("react", { message: message.id, emoji: one.emoji, on: true })) }, `${one.emoji} ${one.count}`))) : null,
    h("p", { class: "failed", hidden: !failed.has(message.id) }, "This interaction failed: the bot did not answer."),
    message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), "Only you can see this · ",
      h("button", { type: "button", class: "as-link", onclick: () => act("dismiss", { message: message.id }) }, "Dismiss")) : null);
  return h("article", { class: `message${grouped ? " grouped" : ""}${message.ephemeral ? " ephemeral" : ""}${rung ? " rung" : ""}`, dataset: { message: message.id },
    "aria-label": `${message.author.name}, ${time(at)}` },
  grouped ? h("time", { class: "gutter-time", datetime: message.at, "aria-hidden": "true" }, time(at)) : avatar({ ...message.author, ...person(message.author.id) }),
  body,
  h("div", { class: "tools" }, h("button", { type: "button", class: "icon-button", "aria-label": `More for the message of ${message.author.name}`, "aria-haspopup": "menu", "aria-expanded": "false", dataset: { more: message.id } }, icon("more"))));
}

export const dayLine = (at) => h("div", { class: "day-line", role: "separator", "aria-label": day(at) }, h("span", {}, day(at)));
export const newLine = () => h("div", { class: "new-line", role: "separator", "aria-label": "New messages" }, h("span", {}, "New"));
