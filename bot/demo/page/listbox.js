// One list of choices for everything: selects, people, commands, choices, menus.

import { avatar, h, icon } from "./dom.js";

let serial = 0;

export class ListBox {
  constructor({ label, multi = false, role = "listbox", onpick }) {
    this.items = [];
    this.active = -1;
    this.multi = multi;
    this.onpick = onpick;
    this.itemRole = role === "menu" ? "menuitem" : "option";
    this.id = `list-${++serial}`;
    this.node = h("div", { class: "listbox", role, id: this.id, "aria-label": label, "aria-multiselectable": multi && role === "listbox" ? "true" : null });
    this.chosen = new Set();
    this.onactive = () => {};
  }

  show(items, empty = "Nothing fits.") {
    this.items = items;
    this.node.replaceChildren(...items.map((item, index) => this.#row(item, index)));
    if (!items.length) this.node.append(h("p", { class: "listbox-empty" }, empty));
    this.move(items.length ? 0 : -1, false);
  }

  #row(item, index) {
    const picked = this.chosen.has(item.value);
    return h("div", { class: `choice${item.danger ? " danger" : ""}`, role: this.itemRole, id: `${this.id}-${index}`, "aria-selected": this.itemRole === "option" ? String(picked) : null,
      onpointermove: () => this.active !== index && this.move(index, false),
      onpointerdown: (event) => event.preventDefault(),
      onclick: () => { this.move(index, false); this.pick(); } },
    item.person ? avatar(item.person, true) : item.icon ? icon(item.icon) : item.emoji ? h("span", { class: "emoji", "aria-hidden": "true" }, item.emoji) : null,
    h("span", { class: "choice-text" }, h("span", { class: "choice-label" }, item.label), item.description ? h("span", { class: "choice-about" }, item.description) : null),
    this.multi ? h("span", { class: "tick", "aria-hidden": "true" }, picked ? icon("check") : null) : null);
  }

  move(index, scroll = true) {
    this.node.children[this.active]?.classList.remove("active");
    this.active = index;
    const row = this.items.length ? this.node.children[index] : null;
    row?.classList.add("active");
    if (scroll) row?.scrollIntoView({ block: "nearest" });
    this.onactive(row?.id ?? "");
  }

  pick() {
    const item = this.items[this.active];
    if (!item) return;
    if (!this.multi) { this.onpick(item); return; }
    if (this.chosen.has(item.value)) this.chosen.delete(item.value);
    else if (this.chosen.size < this.max) this.chosen.add(item.value);
    const at = this.active;
    this.show(this.items);
    this.move(at);
    this.onpick(item);
  }

  // Whether the key was taken.
  key(event) {
    const count = this.items.length;
    if (!count) return false;
    if (event.key === "ArrowDown") this.move((this.active + 1) % count);
    else if (event.key === "ArrowUp") this.move((this.active - 1 + count) % count);
    else if (event.key === "Home" && !event.shiftKey && event.target.value === undefined) this.move(0);
    else if (event.key === "End" && !event.shiftKey && event.target.value === undefined) this.move(count - 1);
    else if (event.key === "PageDown") this.move(Math.min(count - 1, this.active + 6));
    else if (event.key === "PageUp") this.move(Math.max(0, this.active - 6));
    else if (event.key === "Enter" && !event.isComposing) this.pick();
    else return false;
    event.preventDefault();
    return true;
  }
}

let open = null;

export function closePopover(refocus = true) {
  if (!open) return;
  const { node, anchor, onclose } = open;
  open = null;
  node.remove();
  anchor.setAttribute("aria-expanded", "false");
  onclose?.();
  if (refocus) (anchor.isConnected ? anchor : document.getElementById("composer-text"))?.focus();
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.node.contains(event.target) && !open.anchor.contains(event.target)) closePopover(false);
});
window.addEventListener("resize", () => closePopover(false));

function placeNear(node, anchor, point) {
  if (matchMedia("(max-width: 560px)").matches) { node.classList.add("sheet"); return; }
  const box = point ? { left: point.x, right: point.x, top: point.y, bottom: point.y, width: 0 } : anchor.getBoundingClientRect();
  const width = Math.max(point ? 0 : Math.min(box.width, 420), 240);
  node.style.setProperty("min-width", `${width}px`);
  const size = node.getBoundingClientRect();
  const below = innerHeight - box.bottom - 12;
  const above = box.top - 12;
  const up = size.height > below && above > below;
  node.style.setProperty("max-height", `${Math.max(120, Math.min(420, up ? above : below))}px`);
  node.style.setProperty(up ? "bottom" : "top", `${up ? innerHeight - box.top + 4 : box.bottom + 4}px`);
  node.style.setProperty("left", `${Math.max(8, Math.min(box.left, innerWidth - size.width - 8))}px`);
}

// A list in a popover by its button; with `load`, choices come as one types.
export function choose({ anchor, label, items = [], load = null, multi = false, min = 1, max = 1, chosen = [], onpick, ondone, role = "listbox", point = null, onclose }) {
  const again = open?.anchor === anchor && !point;
  closePopover(false);
  if (again) { anchor.focus(); return; }
  const searchable = Boolean(load) || items.length > 8;
  const box = new ListBox({ label, multi, role, onpick: (item) => { if (multi) { count(); return; } closePopover(); onpick(item); } });
  box.max = max;
  for (const value of chosen) box.chosen.add(value);
  const search = searchable ? h("input", { class: "search", type: "text", placeholder: "Search", "aria-label": `Search ${label}`, role: "combobox", "aria-expanded": "true", "aria-controls": box.id, autocomplete: "off", spellcheck: "false" }) : null;
  const done = multi ? h("button", { type: "button", class: "button primary", onclick: () => { const values = [...box.chosen]; closePopover(); ondone(values); } }, "Done") : null;
  const info = multi ? h("span", { class: "muted" }) : null;
  const count = () => { if (multi) { info.textContent = `${box.chosen.size} of up to ${max}`; done.disabled = box.chosen.size < min; } };
  const foot = multi ? h("div", { class: "popover-foot" }, info, done) : null;
  const node = h("div", { class: "popover", tabindex: "-1" }, h("p", { class: "popover-title" }, label), search, box.node, foot);
  const target = search ?? node;
  box.onactive = (id) => target.setAttribute("aria-activedescendant", id);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); closePopover(); return; }
    if (event.key === "Tab" && !multi) { event.preventDefault(); closePopover(); return; }
    if (event.target === done) return;
    if (event.key === " " && !search) { event.preventDefault(); box.pick(); return; }
    box.key(event);
  });
  // A popover opened from a dialog belongs to the dialog: the rest of the page is inert then.
  (anchor.closest("dialog") ?? document.body).append(node);
  open = { node, anchor, onclose };
  if (!point) anchor.setAttribute("aria-expanded", "true");
  let turn = 0;
  const filter = async () => {
    const typed = search?.value ?? "";
    const mine = ++turn;
    const found = load ? await load(typed) : items.filter((item) => `${item.label} ${item.description ?? ""}`.toLowerCase().includes(typed.toLowerCase()));
    if (mine === turn) box.show(found);
  };
  search?.addEventListener("input", filter);
  filter();
  count();
  placeNear(node, anchor, point);
  target.focus();
}
