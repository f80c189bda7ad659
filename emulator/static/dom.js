// Building nodes without ever parsing HTML: whatever a message says stays text.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `props`: class, on: {event: fn}, data: {…}; the rest are attributes (false and null are left out). */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  people: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  chevron: "M9 6l6 6-6 6",
  plus: "M12 5.5v13M5.5 12h13",
  send: "M12 19V5.5M6 11l6-6 6 6",
  bolt: "M13 3L5 13.5h6L10.5 21 19 10h-6.5z",
  traffic: "M4 8h13l-3.5-3.5M20 16H7l3.5 3.5",
  close: "M6 6l12 12M18 6L6 18",
  file: "M7 3.5h7l4 4V20a.5.5 0 0 1-.5.5h-10.5a.5.5 0 0 1-.5-.5V4a.5.5 0 0 1 .5-.5ZM14 3.5V8h4",
  menu: "M5 8h14M5 12h14M5 16h9",
  check: "M5.5 12.5l4.5 4.5 9-10",
  image: "M4.5 5.5h15v13h-15zM4.5 15.5l4.5-4 4 3.5 2.5-2 4 3.5M15.5 9.5h.01",
  link: "M10 14l4-4M8.5 11.5l-2 2a3.5 3.5 0 0 0 5 5l2-2M15.5 12.5l2-2a3.5 3.5 0 0 0-5-5l-2 2",
  signal: "M4 19v-3M9 19v-6M14 19V9M19 19V5",
};

/** Make one of the line icons above. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name} ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** Show a sentence at the bottom of the page for a moment. */
export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove("shown"), 3200);
}

/** POST JSON to a control route; a refusal becomes a toast and null. */
export async function post(path, body) {
  try {
    const response = await fetch(`/__emu/${path}`, { method: "POST", body: JSON.stringify(body) });
    const answer = await response.json();
    if (response.ok) return answer;
    toast(answer.error ?? `出错了 ${response.status}`);
  } catch {
    toast("连接不上模拟器");
  }
  return null;
}

/** The link behind which the platform remembers who opened it. */
export function opened(userid, url) {
  return `/__emu/open?${new URLSearchParams({ userid, url })}`;
}

/** A link on a phone: only http(s), in a new tab, as this member. */
export function link(userid, url, props, ...children) {
  const safe = /^https?:\/\//i.test(url ?? "");
  if (!safe) return h("span", props, ...children);
  return h("a", { ...props, href: opened(userid, url), target: "_blank", rel: "noopener", title: url }, ...children);
}
