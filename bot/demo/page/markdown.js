// The part of Discord's markdown that people and the bot use. Only ever builds nodes, never HTML.

import { fullStamp, h, stamp } from "./dom.js";
import { now, person, placeOf, role } from "./api.js";

const ESCAPED = /^\\([^\p{L}\p{N}\s])/u;
const RULES = [
  [ESCAPED, (m) => m[1]],
  [/^(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)/s, (m) => h("code", {}, m[2])],
  [/^<t:(-?\d{1,12})(?::([tTdDfFRsS]))?>/, (m) => moment(m[1], m[2] ?? "f")],
  [/^<@!?(\d+)>/, (m) => mention(`@${person(m[1])?.name ?? "someone"}`)],
  [/^<@&(\d+)>/, (m) => mention(`@${role(m[1])?.name ?? "role"}`)],
  [/^<#(\d+)>/, (m) => channel(m[1])],
  [/^<\/([^:>]{1,100}):\d+>/, (m) => mention(`/${m[1]}`)],
  [/^<a?:(\w+):\d+>/, (m) => `:${m[1]}:`],
  [/^@(everyone|here)\b/, (m) => mention(m[0])],
  [/^\[((?:\\.|[^\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"]*")?\)/, (m, depth) => link(m[2], inline(m[1], depth + 1))],
  [/^<((?:https?:\/\/|mailto:|tel:|sms:)[^\s>]+)>/, (m) => link(m[1], [m[1].replace(/^(mailto|tel|sms):/, "")])],
  [/^https?:\/\/[^\s<>]+[^\s<>.,:;"')\]!?*_~|]/, (m) => link(m[0], [m[0]])],
  [/^\*\*\*(?=\S)(.+?)\*\*\*/s, (m, depth) => h("strong", {}, h("em", {}, inline(m[1], depth + 1)))],
  [/^\*\*(?=\S)(.+?)\*\*(?!\*)/s, (m, depth) => h("strong", {}, inline(m[1], depth + 1))],
  [/^__(?=\S)(.+?)__(?!_)/s, (m, depth) => h("u", {}, inline(m[1], depth + 1))],
  [/^~~(?=\S)(.+?)~~/s, (m, depth) => h("s", {}, inline(m[1], depth + 1))],
  [/^\|\|(.+?)\|\|/s, (m, depth) => spoiler(inline(m[1], depth + 1))],
  [/^\*(?=[^\s*])(.+?)(?<![\s\\])\*(?!\*)/s, (m, depth) => h("em", {}, inline(m[1], depth + 1))],
];
const UNDERSCORE = /^_(?=[^\s_])(.+?)_(?![\p{L}\p{N}_])/su;

function mention(text) {
  return h("span", { class: "mention" }, text);
}

function channel(id) {
  const place = placeOf(id);
  if (!place) return mention("#No access");
  return h("button", { type: "button", class: "mention", dataset: { goto: id } }, `#${place.name}`);
}

function moment(seconds, style) {
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return `<t:${seconds}>`;
  return h("time", { class: "stamp", datetime: at.toISOString(), title: fullStamp(at), dataset: style === "R" ? { relative: seconds } : {} }, stamp(at, style, now()));
}

export function link(url, children) {
  const inside = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/channels\/\d+\/(\d+)(?:\/(\d+))?$/.exec(url);
  if (inside) return h("button", { type: "button", class: "mention", dataset: { goto: inside[1], message: inside[2] ?? "" } }, children);
  if (!/^(https?:\/\/|mailto:|tel:|sms:)/i.test(url)) return h("span", {}, children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}

function spoiler(children) {
  const show = () => { cover.classList.add("shown"); cover.removeAttribute("role"); cover.removeAttribute("aria-label"); };
  const cover = h("span", { class: "spoiler", tabindex: "0", role: "button", "aria-label": "Hidden text: show it", onclick: show,
    onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") show(); } }, h("span", {}, children));
  return cover;
}

export function inline(text, depth = 0) {
  const nodes = [];
  let plain = "";
  const flush = () => { if (plain) nodes.push(plain); plain = ""; };
  let before = "";
  while (text) {
    let hit = null;
    if (depth < 8 && /[\\`<@[h*_~|]/.test(text[0])) {
      for (const [pattern, build] of RULES) {
        const match = pattern.exec(text);
        if (match) { hit = [match, build]; break; }
      }
      // An underscore inside a word, as in a_file_name, is no emphasis.
      if (!hit && text[0] === "_" && !/[\p{L}\p{N}]/u.test(before)) {
        const match = UNDERSCORE.exec(text);
        if (match) hit = [match, (m, level) => h("em", {}, inline(m[1], level + 1))];
      }
    }
    if (hit) {
      const built = hit[1](hit[0], depth);
      if (typeof built === "string") plain += built;
      else { flush(); nodes.push(built); }
      before = hit[0][0].slice(-1);
      text = text.slice(hit[0][0].length);
    } else if (text[0] === "\n") {
      flush(); nodes.push(h("br")); before = "\n"; text = text.slice(1);
    } else {
      before = text[0]; plain += text[0]; text = text.slice(1);
    }
  }
  flush();
  return nodes;
}

const ITEM = /^(\s*)([-*]|\d{1,9}\.) +(.*)$/;

function list(lines, start, indent) {
  const first = ITEM.exec(lines[start]);
  const ordered = /\d/.test(first[2]);
  const node = h(ordered ? "ol" : "ul", ordered ? { start: parseInt(first[2], 10) } : {});
  let index = start;
  while (index < lines.length) {
    const match = ITEM.exec(lines[index]);
    if (!match) break;
    const depth = match[1].length;
    if (depth < indent) break;
    if (depth > indent && node.lastChild) {
      const [inner, next] = list(lines, index, depth);
      node.lastChild.append(inner);
      index = next;
      continue;
    }
    if (/\d/.test(match[2]) !== ordered) break;
    node.append(h("li", {}, inline(match[3])));
    index += 1;
  }
  return [node, index];
}

export function markdown(text) {
  const out = document.createDocumentFragment();
  const parts = text.split(/```(?:([\w+-]*)\n)?([\s\S]+?)```/);
  for (let index = 0; index < parts.length; index += 3) {
    out.append(...blocks(parts[index]));
    if (parts[index + 2] !== undefined) out.append(h("pre", {}, h("code", {}, parts[index + 2].replace(/\n$/, ""))));
  }
  return out;
}

function blocks(text) {
  const nodes = [];
  const lines = text.replace(/^\n|\n$/g, "").split("\n");
  let paragraph = [];
  const flush = () => {
    if (paragraph.some((line) => line.trim())) nodes.push(h("p", {}, inline(paragraph.join("\n"))));
    paragraph = [];
  };
  for (let index = 0; index < lines.length;) {
    const line = lines[index];
    const heading = /^(#{1,3}) +(\S.*)$/.exec(line);
    const small = /^-# +(.*)$/.exec(line);
    if (heading) {
      flush();
      nodes.push(h("p", { class: `heading h${heading[1].length}`, role: "heading", "aria-level": String(heading[1].length + 2) }, inline(heading[2])));
      index += 1;
    } else if (small) {
      flush(); nodes.push(h("p", { class: "small" }, inline(small[1]))); index += 1;
    } else if (/^>>> /.test(line)) {
      flush(); nodes.push(h("blockquote", {}, ...blocks([line.slice(4), ...lines.slice(index + 1)].join("\n")))); index = lines.length;
    } else if (/^> ?/.test(line) && line.startsWith(">")) {
      flush();
      const quoted = [];
      while (index < lines.length && /^>(?!>>) ?/.test(lines[index])) quoted.push(lines[index++].replace(/^> ?/, ""));
      if (!quoted.length) { paragraph.push(line); index += 1; } else nodes.push(h("blockquote", {}, ...blocks(quoted.join("\n"))));
    } else if (ITEM.test(line)) {
      flush();
      const [node, next] = list(lines, index, ITEM.exec(line)[1].length);
      nodes.push(node); index = next;
    } else if (!line.trim()) {
      flush(); index += 1;
    } else {
      paragraph.push(line); index += 1;
    }
  }
  flush();
  return nodes;
}
