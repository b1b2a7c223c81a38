// Small things every part of the page uses: elements, icons, times, toasts.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "style") for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const $ = (id) => document.getElementById(id);

const PATHS = {
  text: "M9 4 7 20M17 4l-2 16M4 9h17M3 15h17",
  news: "M4 10v4h3l7 4V6l-7 4zM18 9a4 4 0 0 1 0 6",
  voice: "M4 10v4h3l5 4V6l-5 4zM16 9a4 4 0 0 1 0 6M18.500 6a8 8 0 0 1 0 12",
  stage: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3M6 11a6 6 0 0 0 12 0M12 17v3",
  forum: "M4 5h16v10H9l-5 4zM8 9h8M8 12h5",
  thread: "M5 4v9a3 3 0 0 0 3 3h11M15 12l4 4-4 4",
  private_thread: "M5 4v9a3 3 0 0 0 3 3h4M14 15h6v5h-6zM15.500 15v-1.500a1.500 1.500 0 0 1 3 0V15",
  dm: "M4 5h16v11H10l-4 3v-3H4z",
  lock: "M6 11h12v8H6zM9 11V8a3 3 0 0 1 6 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  people: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3 19a6 6 0 0 1 12 0M16 5a3 3 0 0 1 0 6M17 13.500a6 6 0 0 1 4 5.500",
  journal: "M5 5h14v14H5zM8 9h8M8 12h8M8 15h5",
  guide: "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.500 10.900c.6.5.9 1.100.9 1.800V16h5.200v-.3c0-.7.3-1.300.9-1.800A6 6 0 0 0 12 3",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  send: "M4 12 20 5l-5 15-4-6zM11 14l9-9",
  plus: "M12 5v14M5 12h14",
  eye: "M3 12c3-5 6-7 9-7s6 2 9 7c-3 5-6 7-9 7s-6-2-9-7M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  chevron: "M7 10l5 5 5-5",
  check: "M5 12l5 5 9-10",
  link: "M14 5h5v5M19 5l-8 8M17 14v5H5V7h5",
  reply: "M9 6 4 11l5 5M4 11h9a6 6 0 0 1 6 6v1",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  command: "M5 20 19 4",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.text);
  svg.append(path);
  return svg;
}

const HUES = [212, 340, 268, 160, 22, 190, 305, 236];

export function avatar(person, small = false) {
  const box = h("span", { class: `avatar${person.bot ? " bot" : ""}${small ? " small" : ""}`, "aria-hidden": "true" });
  if (!person.bot) {
    const index = Number(BigInt(person.id ?? person.user ?? 0) % 8n);
    box.style.setProperty("--hue", HUES[index]);
    box.append((person.name ?? "?").slice(0, 1).toUpperCase());
  }
  return box;
}

// Times are shown as the chosen persona's device would show them.

let zone = "UTC";
export function setZone(name) { zone = name; }

const formats = new Map();
function format(options, where = zone) {
  const key = where + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en", { timeZone: where, ...options }));
  return formats.get(key);
}

export const time = (at) => format({ hour: "numeric", minute: "2-digit" }).format(at);
export const day = (at) => format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(at);
const date = (at) => format({ year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

// The day of a message as a chat client says it.
export function nearDay(at, now) {
  if (date(at) === date(now)) return "Today at";
  if (date(at) === date(new Date(now - 86400000))) return "Yesterday at";
  return `${format({ weekday: "short", day: "numeric", month: "short" }).format(at)},`;
}
export const clockTime = (at) =>
  format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at);

const STYLES = {
  t: { hour: "numeric", minute: "2-digit" },
  T: { hour: "numeric", minute: "2-digit", second: "2-digit" },
  d: { year: "numeric", month: "2-digit", day: "2-digit" },
  D: { year: "numeric", month: "long", day: "numeric" },
  f: { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" },
  F: { weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" },
};

export function stamp(at, style, now) {
  if (style !== "R") return format(STYLES[style] ?? STYLES.f).format(at);
  const seconds = (at - now) / 1000;
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds), "second");
}

export const fullStamp = (at) => format(STYLES.F).format(at);

export function toast(text, kind = "error") {
  const note = h("div", { class: `toast ${kind}` }, text,
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => note.remove() }, icon("close")));
  $("toasts").append(note);
  setTimeout(() => note.remove(), 9000);
}

// Files are read as base64, because the page speaks JSON only.
export async function readFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  return { name: file.name, data: btoa(text) };
}

export const sizeOf = (bytes) => (bytes < 1024 ? `${bytes} bytes` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
