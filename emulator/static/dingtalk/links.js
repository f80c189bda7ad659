// Links on a DingTalk phone: pages open as this member, dtmd links write for them.

import { h, link, post } from "../dom.js";

const DTMD = "dtmd://dingtalkclient/sendMessage?";
const PAGE = "dingtalk://dingtalkclient/page/link?";

/** Whether a tap on the link writes a message. */
export function writes(url) {
  return String(url).startsWith(DTMD);
}

/** The page behind a link, whatever scheme wraps it. */
function page(url) {
  return String(url).startsWith(PAGE) ? new URLSearchParams(url.slice(PAGE.length)).get("url") : url;
}

/** A link in an item, drawn as `props` say. */
export function going(userid, item, url, props, ...children) {
  if (!writes(url)) return link(userid, page(url), props, ...children);
  const tap = (event) => {
    event.preventDefault();
    event.stopPropagation();
    post("tap", { userid, id: item.id, url });
  };
  return h("button", { ...props, type: "button", title: new URLSearchParams(url.slice(DTMD.length)).get("content"), on: { click: tap } }, ...children);
}
