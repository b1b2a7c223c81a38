// The column at the right: the people of the server, and the event log.

import { act, get, state } from "./api.js";
import { $, avatar, h, icon } from "./dom.js";
import { commandsHere } from "./composer.js";
import { choose } from "./listbox.js";
import { came } from "./message.js";

let shown = null;
let lines = [];
let next = 0;
let peopleText = "";
let guideText = "";
const BUTTONS = { guide: "open-guide", people: "open-people", journal: "open-journal" };

export const panelShown = () => shown;

export function togglePanel(name) {
  shown = shown === name ? null : name;
  $("panel").hidden = !shown;
  document.body.classList.toggle("with-panel", Boolean(shown));
  for (const [one, id] of Object.entries(BUTTONS)) $(id).setAttribute("aria-pressed", String(shown === one));
  peopleText = guideText = "";
  $("panel").replaceChildren();
  if (shown === "journal") { lines = []; next = 0; }
  updatePanel();
}

export function updatePanel() {
  if (shown === "guide") guide();
  if (shown === "people") people();
  if (shown === "journal") journal();
}

const heading = (words) => h("div", { class: "panel-head" }, h("h2", {}, words), h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => { const button = $(BUTTONS[shown]); togglePanel(shown); button.focus(); } }, icon("close")));

// What there is to try, as whom; pressing one goes there.
function guide() {
  const text = JSON.stringify(state.view.hints);
  if (text === guideText) return;
  guideText = text;
  $("panel").replaceChildren(heading("Things to try"), h("p", { class: "muted journal-note" }, "You can be anyone. Press one to go there as that person; what opens for them is seen by them alone."),
    h("ol", { class: "hints" }, state.view.hints.map((hint) => h("li", {}, h("button", { type: "button", class: "hint", dataset: { who: hint.who, where: hint.place ?? "" } },
      avatar({ id: state.view.personas.find((one) => one.key === hint.who)?.user, name: hint.name }, true),
      h("span", {}, h("strong", {}, hint.title), h("span", { class: "muted" }, ` as ${hint.name}`), h("span", { class: "hint-text" }, hint.text)))))));
}

function people() {
  const text = JSON.stringify([state.view.people, state.view.roles, state.me]);
  if (text === peopleText) return;
  peopleText = text;
  const focused = document.activeElement?.dataset?.user;
  const groups = new Map();
  for (const one of state.view.people) {
    const top = state.view.roles.find((role) => one.roles.includes(role.id) && !one.bot);
    const name = one.bot ? "The bot" : top?.name ?? "Everyone else";
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  $("panel").replaceChildren(heading("People"), ...[...groups].map(([name, members]) => h("section", { class: "people-group", "aria-label": name },
    h("h3", {}, `${name} · ${members.length}`),
    members.map((one) => h("button", { type: "button", class: "person", "aria-haspopup": "menu", "aria-expanded": "false", dataset: { user: one.id }, onclick: (event) => userMenu(event.currentTarget, one.id) },
      avatar(one, true), h("span", {}, one.name, one.id === state.view.me.id ? h("span", { class: "muted" }, " (you)") : null))))));
  if (focused) $("panel").querySelector(`[data-user="${focused}"]`)?.focus();
}

export async function userItems(userId) {
  const { user } = await commandsHere();
  const one = state.view.people.find((who) => who.id === userId);
  if (!one || one.bot) return [];
  return user.map((menu) => ({ value: `user:${menu.name}`, label: menu.name, description: `About ${one.name}`, icon: "people", run: () => came(act("menu", { name: menu.name, user: userId })) }));
}

export async function userMenu(anchor, userId) {
  const items = await userItems(userId);
  const one = state.view.people.find((who) => who.id === userId);
  const roles = state.view.roles.filter((role) => one?.roles.includes(role.id)).map((role) => role.name).join(", ");
  const part = state.view.personas.find((who) => who.user === userId)?.part;
  choose({ anchor, role: "menu", label: [one?.name ?? "Someone", part, roles].filter(Boolean).join(" · "), items: items.length ? items : [{ value: "none", label: "No commands about this person", run: () => {} }], onpick: (item) => item.run() });
}

// What the bot called and what it was told; names and places only, never what was written.
async function journal() {
  const found = await get(`/journal?since=${next}`).catch(() => null);
  if (!found || shown !== "journal") return;
  next = found.next;
  lines = [...lines, ...found.lines].slice(-250);
  const panel = $("panel");
  const box = panel.querySelector(".journal-lines");
  const atEnd = !box || box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  if (!box) panel.replaceChildren(heading("Event log"), h("p", { class: "muted journal-note" }, "What the bot calls at Discord, and what Discord tells it. Never what people wrote."), h("div", { class: "journal-errors" }), h("ol", { class: "journal-lines", tabindex: "0", "aria-label": "Events" }));
  const faults = [...found.errors.map((one) => `${one.text} ${one.where}`), ...found.troubles];
  panel.querySelector(".journal-errors").replaceChildren(faults.length ? h("details", {}, h("summary", {}, `${faults.length} ${faults.length === 1 ? "failure" : "failures"} so far`), h("ul", {}, faults.map((words) => h("li", {}, words)))) : h("p", { class: "journal-fine" }, icon("check"), "No failures"));
  const list = panel.querySelector(".journal-lines");
  if (found.lines.length || !list.childElementCount) {
    list.replaceChildren(...lines.map((line) => h("li", { class: line.kind }, h("span", { class: "kind" }, line.kind === "http" ? "bot" : "discord"), h("code", {}, line.name), line.about ? h("span", { class: "about" }, line.about) : null)));
    if (atEnd) list.scrollTop = list.scrollHeight;
  }
}
