// Template cards, drawn the way WeCom draws them.

import { h, icon, link, post } from "./dom.js";

/** One card on a member's phone. `item` is as the feed gives it. */
export function card(userid, item) {
  const content = item.content;
  const body = [
    head(userid, item),
    title(content),
    picture(content),
    emphasis(content),
    quote(userid, content.quote_area),
    imageText(userid, content.image_text_area),
    content.sub_title_text && h("div", { class: "card-sub" }, content.sub_title_text),
    rows(content),
    facts(userid, content.horizontal_content_list),
  ];
  const whole = link(userid, content.card_action?.url, { class: "card-body" }, body);
  const node = h("article", { class: "card", data: { task: item.task_id ?? "", state: item.state } });
  node.append(content.card_action?.url ? whole : h("div", { class: "card-body" }, body));
  node.append(...[jumps(userid, content.jump_list), ...controls(userid, item)].filter(Boolean));
  return node;
}

function head(userid, item) {
  const { source, action_menu: menu } = item.content;
  if (!source?.desc && !menu) return null;
  const colour = ["grey", "black", "red", "green"][source?.desc_color ?? 0];
  const line = h("span", { class: `card-source ${colour}` }, h("span", { class: "card-logo" }), source?.desc ?? "");
  return h("div", { class: "card-head" }, source?.desc ? line : h("span"), menu && actionMenu(userid, item, menu));
}

function actionMenu(userid, item, menu) {
  const list = h("div", { class: "card-actions", hidden: true });
  const act = (event, key) => {
    event.preventDefault();
    event.stopPropagation();
    list.hidden = true;
    post("click", { task_id: item.task_id, userid, key });
  };
  for (const action of menu.action_list ?? []) {
    list.append(h("button", { type: "button", on: { click: (event) => act(event, action.key) } }, action.text));
  }
  const toggle = (event) => {
    event.preventDefault();
    event.stopPropagation();
    list.hidden = !list.hidden;
  };
  const dots = h("button", { type: "button", class: "card-dots", title: menu.desc ?? "更多操作", on: { click: toggle } });
  dots.append(icon("more"));
  return h("span", { class: "card-menu" }, dots, list);
}

function title({ main_title: main }) {
  if (!main?.title && !main?.desc) return null;
  return h("div", { class: "card-title" }, main.title && h("h3", {}, main.title), main.desc && h("p", {}, main.desc));
}

function image(url, extra) {
  const frame = h("span", { class: `card-image ${extra}` }, icon("image"));
  const shown = h("img", { src: url, alt: "", on: { error: () => shown.remove() } });
  frame.append(shown);
  return frame;
}

function picture({ card_image: given }) {
  return given?.url ? image(given.url, given.aspect_ratio >= 1.7 ? "wide" : "") : null;
}

function imageText(userid, area) {
  if (!area) return null;
  const words = h("span", {}, h("strong", {}, area.title ?? ""), h("small", {}, area.desc ?? ""));
  return h("div", { class: "card-imagetext" }, words, image(area.image_url, "small"));
}

function emphasis({ emphasis_content: given }) {
  if (!given?.title && !given?.desc) return null;
  return h("div", { class: "card-emphasis" }, h("strong", {}, given.title ?? ""), h("span", {}, given.desc ?? ""));
}

function quote(userid, area) {
  if (!area?.title && !area?.quote_text) return null;
  const words = [area.title && h("strong", {}, area.title), area.quote_text && h("span", {}, area.quote_text)];
  return h("div", { class: "card-quote" }, words);
}

function rows({ vertical_content_list: list }) {
  if (!list?.length) return null;
  return h("div", { class: "card-rows" }, list.map((row) => h("div", {}, h("strong", {}, row.title), h("span", {}, row.desc ?? ""))));
}

function facts(userid, list) {
  if (!list?.length) return null;
  const value = (fact) => {
    if (fact.type === 1) return link(userid, fact.url, { class: "link" }, fact.value || "查看");
    if (fact.type === 2) return h("a", { class: "link", href: `/__emu/media/${fact.media_id}`, target: "_blank" }, fact.value);
    if (fact.type === 3) return h("span", { class: "link" }, fact.value || fact.userid);
    return fact.value ?? "";
  };
  return h("dl", { class: "card-facts" }, list.map((fact) => h("div", {}, h("dt", {}, fact.keyname), h("dd", {}, value(fact)))));
}

function jumps(userid, list) {
  if (!list?.length) return null;
  const row = (jump) => link(userid, jump.url, { class: "card-jump" }, h("span", {}, jump.title), icon("chevron"));
  return h("div", { class: "card-jumps" }, list.map(row));
}

/** Everything one can press: selectors, boxes, buttons; or the grey line that took their place. */
function controls(userid, item) {
  const content = item.content;
  const dead = item.state === "greyed" || Boolean(item.replace_text);
  const chosen = new Map(Object.entries(item.chosen ?? {}));
  const parts = [];
  if (content.button_selection) parts.push(selector(content.button_selection, chosen, dead));
  for (const one of content.select_list ?? []) parts.push(selector(one, chosen, dead));
  if (content.checkbox) parts.push(boxes(content.checkbox, chosen, dead));
  if (dead) {
    if (buttonsOf(content).length) parts.push(h("div", { class: "card-done" }, icon("check"), item.replace_text || "已处理"));
    return parts;
  }
  const buttons = buttonsOf(content);
  if (!buttons.length) return parts;
  const longest = Math.max(...buttons.map((button) => button.text.length));
  const pairs = buttons.length === 2 || buttons.length === 4 || longest > 4;
  const columns = buttons.length === 1 || longest > 7 ? 1 : pairs ? 2 : 3;
  parts.push(h("div", { class: `card-buttons columns-${columns}` }, buttons.map((button) => press(userid, item, button, chosen))));
  return parts;
}

function buttonsOf(content) {
  const submit = content.submit_button;
  return [...(content.button_list ?? []), ...(submit ? [{ text: submit.text || "提交", style: 1, key: submit.key }] : [])];
}

function press(userid, item, button, chosen) {
  const look = `card-button style-${button.style ?? 1}`;
  if (button.type === 1) return link(userid, button.url, { class: look }, button.text);
  const act = async (event) => {
    const node = event.currentTarget;
    node.disabled = true;
    node.classList.add("busy");
    await post("click", { task_id: item.task_id, userid, key: button.key, selected: Object.fromEntries(chosen) });
    setTimeout(() => {
      node.disabled = false;
      node.classList.remove("busy");
    }, 900);
  };
  return h("button", { type: "button", class: look, data: { key: button.key }, on: { click: act } }, button.text);
}

function selector(given, chosen, dead) {
  const off = dead || given.disable;
  const present = chosen.get(given.question_key)?.[0] ?? given.selected_id ?? given.option_list[0].id;
  const option = (one) => h("option", { value: one.id, selected: one.id === present }, one.text);
  const choose = (event) => chosen.set(given.question_key, [event.target.value]);
  const select = h("select", { disabled: off, on: { change: choose } }, given.option_list.map(option));
  return h("label", { class: "card-select" }, h("span", {}, given.title ?? ""), select);
}

function boxes(given, chosen, dead) {
  const off = dead || given.disable;
  const many = given.mode === 1;
  const name = `q${Math.random()}`;
  const ticked = chosen.get(given.question_key) ?? given.option_list.filter((one) => one.is_checked).map((one) => one.id);
  const list = h("div", { class: "card-boxes" });
  const read = () => chosen.set(given.question_key, [...list.querySelectorAll("input:checked")].map((one) => one.value));
  for (const one of given.option_list) {
    const box = h("input", {
      type: many ? "checkbox" : "radio",
      name,
      value: one.id,
      checked: ticked.includes(one.id),
      disabled: off,
      on: { change: read },
    });
    list.append(h("label", {}, box, h("span", {}, one.text)));
  }
  return list;
}
