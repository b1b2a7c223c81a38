// The page itself: whose eyes, which place, the clock, and live updates that disturb nobody.

import { act, control, get, listen, now, persona, placeOf, setClock, state } from "./api.js";
import { buildComposer, commandsHere, moveTo, replyTo } from "./composer.js";
import { $, avatar, clockTime, day, fill, h, icon, setZone, stamp, toast } from "./dom.js";
import { choose, closePopover } from "./listbox.js";
import { came, dayLine, messageNode, newLine } from "./message.js";
import { panelShown, togglePanel, updatePanel, userItems, userMenu } from "./panel.js";

const last = { places: "", personas: "", who: "", head: "" };
let nodes = new Map();
let drawn = null;
let newFrom = null;
let tail = null;
let stick = true;
let acted = false;
let fetching = false;
let again = false;
let greeted = false;

// Asking

async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  do {
    again = false;
    const asked = `${state.me}/${state.place}`;
    const query = new URLSearchParams({ as: state.me });
    if (state.place) query.set("place", state.place);
    const newest = document.visibilityState === "visible" && drawn === asked ? state.view?.messages.at(-1)?.id : null;
    if (newest) query.set("seen", newest);
    try {
      const view = await get(`/view?${query}`);
      if (`${state.me}/${state.place}` !== asked) { again = true; continue; }
      show(view);
    } catch (error) {
      banner(`The demo did not answer. ${error.message}`);
    }
  } while (again);
  fetching = false;
}

function show(view) {
  state.view = view;
  setClock(view.clock);
  setZone(persona().zone);
  if (!view.place) {
    // Where something happened last is where a page opens.
    const lively = view.places.filter((one) => one.last && one.kind !== "dm").sort((a, b) => (BigInt(b.last) > BigInt(a.last) ? 1 : -1));
    goTo((lively[0] ?? view.places.find((one) => one.kind === "text") ?? view.places.at(-1))?.id ?? null);
    return;
  }
  drawPersonas();
  drawPlaces();
  drawWho();
  drawHead();
  drawMessages();
  moveTo(placeOf(view.place));
  if (!greeted && view.hints.length) {
    greeted = true;
    if (!panelShown() && matchMedia("(min-width: 1100px)").matches) togglePanel("guide");
  }
  updatePanel();
  clock();
}

export function goTo(place, me = state.me) {
  const other = me !== state.me || place !== state.place;
  state.me = me;
  state.place = place;
  const hash = `#${me}/${place ?? ""}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
  if (other) { closePopover(false); drawn = null; }
  drawer(false);
  refresh();
}

// Drawing: each part is only touched when it says something new.

function changed(name, value) {
  const text = JSON.stringify(value);
  if (last[name] === text) return false;
  last[name] = text;
  return true;
}

function keepFocus(box, attribute, draw) {
  const held = box.contains(document.activeElement) ? document.activeElement.getAttribute(attribute) : null;
  draw();
  if (held) box.querySelector(`[${attribute}="${CSS.escape(held)}"]`)?.focus();
}

function drawPersonas() {
  if (!changed("personas", [state.view.personas, state.me])) return;
  keepFocus($("personas"), "data-key", () => $("personas").replaceChildren(...state.view.personas.map((one) =>
    h("button", { type: "button", class: "persona", "aria-pressed": String(one.key === state.me), dataset: { key: one.key }, title: one.part, onclick: () => become(one.key) },
      avatar({ id: one.user, name: one.name }, true), h("span", { class: "persona-name" }, one.name), h("span", { class: "persona-part" }, one.part),
      one.news && one.key !== state.me ? h("span", { class: "news" }, h("span", { class: "sr" }, "has something new")) : null))));
  $("personas").querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const visited = new Map();
function become(key) {
  visited.set(state.me, state.place);
  goTo(visited.get(key) ?? state.place, key);
}

function placeButton(one) {
  const here = one.id === state.place;
  const fresh = one.unread > 0 && !here;
  return h("button", { type: "button", class: `place kind-${one.kind}${fresh ? " unread" : ""}`, "aria-current": here ? "page" : null, dataset: { place: one.id },
    "aria-label": `${one.name}${one.kind.includes("thread") ? ", thread" : ""}${fresh ? `, ${one.unread} unread` : ""}`, onclick: () => goTo(one.id) },
  icon(one.kind), h("span", { class: "place-label" }, one.name), one.private && one.kind !== "dm" ? icon("lock") : null,
  one.mentions && !here ? h("span", { class: "badge", "aria-hidden": "true" }, one.mentions) : null);
}

function drawPlaces() {
  const view = state.view;
  $("server").textContent = view.server;
  if (!changed("places", [view.places, state.place, state.me])) return;
  const inside = (parent) => view.places.filter((one) => one.parent === parent);
  const isThread = (one) => one.kind.includes("thread");
  const channel = (one) => [placeButton(one), ...inside(one.id).filter((thread) => thread.id === state.place || (thread.joined && !thread.archived)).map(placeButton)];
  const tops = view.places.filter((one) => !one.parent && one.kind !== "dm" && !isThread(one));
  const blocks = tops.map((one) => one.kind !== "category" ? channel(one)
    : h("section", { class: "category", "aria-label": one.name }, h("h2", {}, one.name), inside(one.id).map(channel)));
  const dms = view.places.filter((one) => one.kind === "dm");
  keepFocus($("places"), "data-place", () => $("places").replaceChildren(...blocks.flat(), h("section", { class: "category", "aria-label": "Direct messages" }, h("h2", {}, "Direct messages"), dms.map(placeButton))));
}

function drawWho() {
  const me = persona();
  if (!changed("who", [me, state.view.roles, state.view.me.dms_closed])) return;
  const roles = state.view.roles.filter((role) => me.roles.includes(role.id)).map((role) => role.name);
  fill($("whoami"), avatar({ id: me.user, name: me.name }), h("span", { class: "whoami-text" }, h("strong", {}, "You are ", me.name), h("span", { class: "muted" }, [me.part, ...roles.filter((one) => one.toLowerCase() !== me.part.toLowerCase())].join(" · ")),
    state.view.me.dms_closed ? h("span", { class: "muted" }, "Direct messages are closed") : null));
  const dms = document.querySelector('[data-control="dms"]');
  dms.textContent = `Close ${me.name}’s DMs`;
  dms.setAttribute("aria-pressed", String(state.view.me.dms_closed));
}

function drawHead() {
  const place = placeOf(state.view.place);
  const threads = state.view.places.filter((one) => one.parent === place.id && one.kind.includes("thread"));
  if (!changed("head", [place.id, place.name, place.topic, place.archived, place.locked, threads.map((one) => [one.id, one.name, one.unread, one.archived]), state.me])) return;
  const button = threads.length && place.kind !== "forum" ? h("button", { type: "button", class: "chip", "aria-haspopup": "listbox", "aria-expanded": "false", onclick: () => choose({ anchor: button, label: "Threads", items: threads.map((one) => ({ value: one.id, label: one.name, icon: one.kind, description: [one.archived ? "archived" : "", one.unread ? `${one.unread} unread` : ""].filter(Boolean).join(", ") })), onpick: (item) => goTo(item.value) }) }, icon("thread"), `${threads.length} ${threads.length === 1 ? "thread" : "threads"}`) : null;
  const parent = place.kind.includes("thread") ? placeOf(place.parent) : null;
  document.title = `${place.kind === "dm" ? "@" : "#"}${place.name} · ${persona().name} · Interlude demo`;
  fill($("place-head"), icon(place.kind), h("h2", { id: "place-name" }, parent ? h("span", { class: "muted" }, `${parent.name} › `) : null, place.name),
    place.locked ? h("span", { class: "tag plain" }, "locked") : place.archived ? h("span", { class: "tag plain" }, "archived") : null,
    place.topic ? h("p", { class: "topic", title: place.topic }, place.topic) : null, button);
}

function drawMessages() {
  const log = $("log");
  const view = state.view;
  const place = placeOf(view.place);
  const where = `${state.me}/${view.place}`;
  const fresh = drawn !== where;
  const newest = view.messages.at(-1)?.id;
  const more = newest !== tail;
  const atEnd = fresh || stick || (acted && more);
  tail = newest;
  if (more) acted = false;
  if (fresh) {
    nodes = new Map();
    drawn = where;
    stick = true;
    $("jump").hidden = true;
    newFrom = place.unread ? view.messages.find((one) => BigInt(one.id) > BigInt(place.read) && one.author.id !== view.me.id)?.id ?? null : null;
    log.setAttribute("aria-live", "off");
  }
  const kept = new Map();
  const wanted = [];
  let before = null;
  const today = day(now());
  for (const message of view.messages) {
    const at = new Date(message.at);
    const line = dayLine(at);
    if (line.textContent !== before?.day) wanted.push(keep(kept, `day-${line.textContent}`, line.textContent, () => line));
    if (message.id === newFrom) wanted.push(keep(kept, "new", "new", newLine));
    const grouped = Boolean(before && !message.system && !before.message.system && before.day === line.textContent && before.message.author.id === message.author.id && at - before.at < 420000 && !message.reply && !message.command && message.id !== newFrom && message.ephemeral === before.message.ephemeral);
    wanted.push(keep(kept, message.id, JSON.stringify([message, grouped, state.me, today]), () => messageNode(message, grouped)));
    before = { day: line.textContent, message, at };
  }
  if (!view.messages.length) wanted.push(keep(kept, "empty", place.name, () => h("div", { class: "empty" }, icon(place.kind), h("p", {}, place.kind === "dm" ? "Here the bot writes to you directly. Nothing yet." : place.kind === "forum" ? "The posts of this forum:" : "Nothing has been written here yet."),
    place.kind === "forum" ? view.places.filter((one) => one.parent === place.id).map(placeButton) : null)));
  nodes = kept;
  arrange(log, wanted);
  if (fresh && newFrom) log.querySelector(".new-line")?.scrollIntoView({ block: "center" });
  else if (atEnd) toEnd();
  else if (more) $("jump").hidden = false;
  if (fresh) setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
  if (fresh && view.messages.length) refresh();
}

function toEnd() {
  $("log").scrollTop = $("log").scrollHeight;
  stick = true;
  $("jump").hidden = true;
}

function keep(kept, key, text, build) {
  const old = nodes.get(key);
  const entry = old && old.text === text ? old : { text, node: build(), was: old?.node };
  kept.set(key, entry);
  return entry;
}

// Puts the nodes in order without moving those in place, so that focus and selection stay.
function arrange(log, wanted) {
  const held = log.contains(document.activeElement) ? document.activeElement : null;
  const home = held?.closest("[data-message]")?.dataset.message;
  const custom = held?.dataset?.custom;
  const keepers = new Set(wanted.map((one) => one.node));
  for (const child of [...log.children]) if (!keepers.has(child)) child.remove();
  wanted.forEach(({ node }, index) => { if (log.children[index] !== node) log.insertBefore(node, log.children[index] ?? null); });
  if (held && !held.isConnected && home) {
    const again = log.querySelector(`[data-message="${home}"]`);
    (custom && again?.querySelector(`[data-custom="${CSS.escape(custom)}"]:not([disabled])`) || again?.querySelector("button:not([disabled])") || log).focus();
  }
  for (const image of log.querySelectorAll("img:not([data-known])")) {
    image.dataset.known = "1";
    image.addEventListener("load", () => stick && toEnd(), { once: true });
  }
}

// Menus on messages and people

async function messageMenu(id, anchor, point = null) {
  const message = state.view.messages.find((one) => one.id === id);
  if (!message) return;
  const found = await commandsHere();
  const items = [];
  const place = placeOf(state.place);
  if (place.can_send && place.kind !== "dm" && !message.ephemeral) items.push({ value: "reply", label: "Reply", icon: "reply", run: () => replyTo(message) });
  if (!message.ephemeral) items.push(...found.message.map((menu) => ({ value: menu.name, label: menu.name, description: "About this message", icon: "command", run: () => came(act("menu", { name: menu.name, message: id }), message) })));
  items.push(...await userItems(message.author.id));
  if (message.ephemeral) items.push({ value: "dismiss", label: "Dismiss", icon: "close", run: () => act("dismiss", { message: id }) });
  if (message.author.id === state.view.me.id) items.push({ value: "delete", label: "Delete message", icon: "trash", danger: true, run: () => came(act("delete", { message: id })) });
  if (!items.length) items.push({ value: "none", label: "Nothing to do here", run: () => {} });
  choose({ anchor, role: "menu", label: `Message of ${message.author.name}`, items, point, onpick: (item) => item.run() });
}

$("log").addEventListener("contextmenu", (event) => {
  const home = event.target.closest("[data-message]");
  if (!home || event.target.closest("a, input")) return;
  event.preventDefault();
  messageMenu(home.dataset.message, home.querySelector("[data-more]") ?? home, event.clientX ? { x: event.clientX, y: event.clientY } : null);
});
document.addEventListener("click", (event) => {
  const more = event.target.closest("[data-more]");
  if (more) { messageMenu(more.dataset.more, more); return; }
  const hint = event.target.closest(".hint");
  if (hint) { goTo(hint.dataset.where || state.place, hint.dataset.who); if (matchMedia("(max-width: 1000px)").matches) togglePanel("guide"); return; }
  const author = event.target.closest(".author");
  if (author) { userMenu(author, author.dataset.user); return; }
  const goto = event.target.closest("[data-goto]");
  if (goto) placeOf(goto.dataset.goto) ? goTo(goto.dataset.goto) : toast("You cannot see this place.");
});

// Time, faults, drawers

function banner(words) {
  $("banner").hidden = !words;
  $("banner").textContent = words ?? "";
}

function clock() {
  if (!state.clock || !state.view) return;
  const at = now();
  $("clock-time").textContent = clockTime(at);
  $("clock-time").dateTime = at.toISOString();
  $("clock-zone").textContent = persona().zone.split("/").pop().replace("_", " ");
  for (const node of document.querySelectorAll("[data-relative]")) node.textContent = stamp(new Date(Number(node.dataset.relative) * 1000), "R", at);
}

function told(news) {
  setClock(news.clock);
  document.body.classList.toggle("moving", news.clock.moving);
  document.querySelector('[data-control="down"]').setAttribute("aria-pressed", String(news.clock.down));
  for (const button of document.querySelectorAll("[data-control]")) button.disabled = !news.clock.ready || (news.clock.moving && ["hour", "morning", "week", "restart"].includes(button.dataset.control));
  banner(!news.clock.ready ? "The story of the last days is being played. In a moment it is yours." : news.clock.down ? "Discord is down: every call of the bot fails until you press the button again." : null);
  clock();
  if (news.version !== state.view?.version) refresh();
}

$("controls").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-control]");
  if (!button) return;
  const verb = button.dataset.control;
  const toggle = button.hasAttribute("aria-pressed");
  button.classList.add("busy");
  try {
    const result = await control(verb, toggle ? { on: button.getAttribute("aria-pressed") !== "true" } : {});
    if (!result.ok) toast(result.error);
    else if (verb === "restart") toast("The bot was closed and started again on the same data.", "good");
  } catch (error) { toast(error.message); }
  button.classList.remove("busy");
});

function drawer(open) {
  document.body.classList.toggle("drawer", open);
  $("scrim").hidden = !open;
  $("open-drawer").setAttribute("aria-expanded", String(open));
  if (open) ($("places").querySelector('[aria-current="page"]') ?? $("places").querySelector("button"))?.focus();
}

$("open-drawer").append(icon("menu"));
$("open-guide").append(icon("guide"));
$("open-people").append(icon("people"));
$("open-journal").append(icon("journal"));
$("open-drawer").addEventListener("click", () => drawer(!document.body.classList.contains("drawer")));
$("scrim").addEventListener("click", () => drawer(false));
$("open-guide").addEventListener("click", () => togglePanel("guide"));
$("open-people").addEventListener("click", () => togglePanel("people"));
$("open-journal").addEventListener("click", () => togglePanel("journal"));
$("open-controls").addEventListener("click", () => $("open-controls").setAttribute("aria-expanded", String(document.body.classList.toggle("controls-open"))));
$("jump").addEventListener("click", toEnd);
$("log").addEventListener("scroll", () => {
  const log = $("log");
  stick = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  if (stick) $("jump").hidden = true;
});
new ResizeObserver(() => stick && toEnd()).observe($("log"));
document.addEventListener("acted", () => { acted = true; });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refresh(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("drawer")) { drawer(false); $("open-drawer").focus(); }
  else if (event.key === "Escape" && panelShown() && matchMedia("(max-width: 1000px)").matches && !document.querySelector("dialog[open]")) togglePanel(panelShown());
  const row = event.target.closest?.(".place, .persona, .person");
  if (row && ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key)) {
    const all = [...row.closest(".places, .personas, .panel").querySelectorAll(".place, .persona, .person")];
    const step = event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : -1;
    all[(all.indexOf(row) + step + all.length) % all.length].focus();
    event.preventDefault();
  }
});
window.addEventListener("hashchange", fromHash);

function fromHash() {
  const [, me, place] = /^#([a-z]+)\/(\d*)$/.exec(location.hash) ?? [];
  if (me) goTo(place || null, me);
  else refresh();
}

document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); $("composer-text").focus(); });
buildComposer();
fromHash();
setInterval(clock, 1000);
listen(told, () => banner("The demo has stopped, or is starting again. This page waits for it."));
