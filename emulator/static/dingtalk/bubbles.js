// One item of a DingTalk conversation: who says it, the bubble or card, and whether it was read.

import { avatar } from "../bubbles.js";
import { h, icon } from "../dom.js";
import { card } from "./cards.js";
import { going } from "./links.js";
import { markdown } from "./markdown.js";

const WORDS = { delivered: "已读", waiting: "未读", failed: "未送达", dropped: "未送达" };

/** The robot's square. */
export function robotAvatar(extra = "") {
  return h("img", { class: `avatar app ${extra}`, src: "/static/dingtalk/icon.svg", alt: "" });
}

const DRAW = {
  text: (view, content) => h("div", { class: "bubble" }, quoted(content), words(view, content.content)),
  markdown: (view, content) => h("div", { class: "bubble markdown" }, rich(view, content.text)),
  link: linkCard,
  actionCard,
  feedCard,
  image: picture,
  audio,
  video: file,
  file,
  card: (view, content) => card(view, content),
  oa,
};

/** Draw an item. `view` says whose phone it is, where, and who everybody is. */
export function bubble(view) {
  const { item, person } = view;
  const mine = item.from === "member" && item.speaker === person.userid;
  const speaker = item.from === "member" ? (view.people.get(item.speaker) ?? { userid: item.speaker, name: item.speaker }) : null;
  const draw = DRAW[item.msgtype] ?? (() => h("div", { class: "bubble" }, `［${item.msgtype}］`));
  const face = speaker ? avatar(speaker) : robotAvatar();
  const name = item.group && !mine && h("div", { class: "speaker" }, speaker?.name ?? item.robot ?? view.appName, !speaker && h("em", {}, "机器人"));
  const emotion = item.emotion && h("span", { class: "emotion" }, item.emotion);
  const read = mine && item.heard && h("span", { class: `receipt ${item.heard}` }, WORDS[item.heard] ?? "");
  const body = h("div", { class: "said" }, name, draw(view, item.content), emotion, read);
  return h("div", { class: `line ${mine ? "mine" : "theirs"}`, data: { id: item.id, type: item.msgtype } }, face, body);
}

function quoted(content) {
  return content.quote && h("div", { class: "quoted" }, content.quote);
}

/** Plain text: addresses live, mentions coloured, markup as typed. */
function words(view, text) {
  const parts = [];
  let from = 0;
  for (const match of String(text).matchAll(/(https?:\/\/[^\s<>"'，。；、！？）】」]+)|@([^\s@]{1,20})/g)) {
    parts.push(text.slice(from, match.index));
    parts.push(match[1] ? going(view.person.userid, view.item, match[1], { class: "link" }, match[1]) : mention(view, match[2], match[0]));
    from = match.index + match[0].length;
  }
  parts.push(String(text).slice(from));
  return parts;
}

/** A mention by id or name; unknown ones stay text. */
function mention(view, name, whole) {
  const known = view.people.get(name) ?? [...view.people.values(), { name: view.appName }].find((one) => one.name === name);
  return known ? h("span", { class: "at" }, `@${known.name}`) : whole;
}

/** Markdown of an item. */
export function rich(view, text) {
  const open = (url, label) => going(view.person.userid, view.item, url, { class: "link" }, label);
  return markdown(text, open, (name, whole) => mention(view, name, whole));
}

function actionCard(view, content) {
  const one = (button) => going(view.person.userid, view.item, button.url, { class: "action" }, button.title);
  const body = h("div", { class: "card-body markdown" }, rich(view, content.text));
  const buttons = h("div", { class: `actions ${content.upright ? "upright" : "beside"}` }, content.buttons.map(one));
  return h("article", { class: "card action-card" }, body, buttons);
}

function linkCard(view, content) {
  const shown = content.picUrl ? h("img", { src: content.picUrl, alt: "", on: { error: (event) => event.target.remove() } }) : icon("link");
  const body = [h("strong", {}, content.title), h("span", { class: "link-row" }, h("small", {}, content.text), shown)];
  return going(view.person.userid, view.item, content.messageUrl, { class: "card link-card" }, body);
}

function feedCard(view, content) {
  const one = (entry) => {
    const shown = entry.picURL && h("img", { src: entry.picURL, alt: "", on: { error: (event) => event.target.remove() } });
    return going(view.person.userid, view.item, entry.messageURL, { class: "article" }, h("span", {}, h("strong", {}, entry.title)), shown);
  };
  return h("div", { class: "card news" }, content.links.map(one));
}

function source(content) {
  const given = content.media_id ?? content.url ?? "";
  return /^https?:/i.test(given) ? given : `/__emu/media/${encodeURIComponent(given)}`;
}

function picture(view, content) {
  return h("a", { class: "picture", href: source(content), target: "_blank" }, h("img", { src: source(content), alt: content.filename ?? "图片" }));
}

function audio(view, content) {
  const seconds = Math.max(1, Math.round(Number(content.duration ?? 1000) / 1000));
  const bars = h("span", { class: "waves" }, [5, 9, 14, 8, 12, 6, 10].map((height) => h("i", { data: { height } })));
  const written = content.recognition && h("div", { class: "recognised" }, content.recognition, h("small", {}, "语音转文字"));
  return h("div", { class: "bubble voice" }, h("div", { class: "voice-line" }, bars, `${seconds}″`), written);
}

function file(view, content) {
  const kilo = Math.max(1, Math.round((content.size ?? 0) / 1024));
  const size = content.size ? (kilo > 1024 ? `${(kilo / 1024).toFixed(1)} MB` : `${kilo} KB`) : "文件";
  const said = h("span", {}, h("strong", {}, content.filename ?? "视频"), h("small", {}, size));
  return h("a", { class: "file", href: source(content), download: content.filename ?? "" }, said, icon("file"));
}

function oa(view, content) {
  const body = content.body ?? {};
  const row = (one) => h("div", {}, h("dt", {}, one.key), h("dd", {}, one.value));
  const parts = [
    content.head?.text && h("div", { class: "card-source" }, content.head.text),
    body.title && h("h3", { class: "card-heading" }, body.title),
    body.rich && h("div", { class: "card-emphasis" }, h("strong", {}, body.rich.num ?? "", h("small", {}, body.rich.unit ?? ""))),
    body.form?.length && h("dl", { class: "card-facts" }, body.form.slice(0, 6).map(row)),
    body.content && h("div", { class: "card-sub" }, body.content),
    content.status_bar && h("span", { class: "status-bar" }, content.status_bar.status_value),
  ];
  return going(view.person.userid, view.item, content.message_url, { class: "card" }, h("div", { class: "card-body" }, parts));
}
