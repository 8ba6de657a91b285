/*
 * Puts a round button on any page that opens a talk with a clone:
 *   <script src="https://your-selfsame.example/embed.js" data-clone="vera" data-position="right" data-size="medium" defer></script>
 * Without dependencies. Its looks live in a shadow root, so that neither page touches the other's; no inline styles are
 * needed. The talk is loaded when it is opened, and ends when it is closed: the microphone is off then.
 */
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || !script.src) return;
  var given = script.dataset;
  var clone = given.clone || "";
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(clone)) {
    console.error("embed.js: say whom to talk with, as in data-clone=\"vera\"");
    return;
  }
  var home = new URL(script.src);
  var side = given.position === "left" ? "left" : "right";
  var SIZES = { small: [320, 480], medium: [380, 600], large: [460, 720] };
  var size = SIZES[given.size] || SIZES.medium;
  var WORDS = { en: ["Talk with us", "Close the talk"], zh: ["和我们聊聊", "关闭对话"], es: ["Habla con nosotros", "Cerrar la charla"] };
  var words = WORDS[(document.documentElement.lang || "en").slice(0, 2).toLowerCase()] || WORDS.en;
  var openLabel = given.label || words[0];

  var host = document.createElement("div");
  host.setAttribute("data-selfsame", clone);
  var root = host.attachShadow({ mode: "open" });
  var sheet = new CSSStyleSheet();
  sheet.replaceSync(
    ":host{all:initial}" +
      "button{position:fixed;bottom:max(20px,env(safe-area-inset-bottom));" + side + ":20px;z-index:2147483647;display:grid;place-items:center;" +
      "width:60px;height:60px;padding:0;border:0;border-radius:50%;background:#0b6b57;color:#fff;cursor:pointer;box-shadow:0 6px 24px rgb(0 0 0/25%)}" +
      "button:hover{background:#085344}button:focus-visible{outline:3px solid #fff;outline-offset:-6px;box-shadow:0 0 0 3px #0b6b57,0 6px 24px rgb(0 0 0/25%)}" +
      "svg{width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}" +
      "section{position:fixed;bottom:96px;" + side + ":20px;z-index:2147483646;width:min(" + size[0] + "px,calc(100vw - 40px));height:min(" + size[1] + "px,calc(100dvh - 120px));" +
      "overflow:hidden;border-radius:18px;background:#eef3f1;box-shadow:0 12px 48px rgb(0 0 0/30%)}" +
      "section[hidden]{display:none}iframe{display:block;width:100%;height:100%;border:0}" +
      "@media(max-width:480px){section{inset:0 0 92px 0;width:auto;height:auto;border-radius:0 0 18px 18px}}"
  );
  root.adoptedStyleSheets = [sheet];

  var SVG = "http://www.w3.org/2000/svg";
  function icon(path) {
    var svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    var line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }
  var TALK = "M7.9 20A9 9 0 1 0 4 16.1L2 22Z";
  var CROSS = "M18 6 6 18M6 6l12 12";

  var panel = document.createElement("section");
  panel.id = "talk";
  panel.hidden = true;
  panel.setAttribute("aria-label", openLabel);
  var button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-controls", "talk");

  function show(open) {
    panel.hidden = !open;
    panel.replaceChildren();
    button.setAttribute("aria-expanded", String(open));
    button.setAttribute("aria-label", open ? words[1] : openLabel);
    button.title = open ? words[1] : openLabel;
    button.replaceChildren(icon(open ? CROSS : TALK));
    if (!open) return;
    var frame = document.createElement("iframe");
    frame.title = openLabel;
    frame.allow = "microphone; autoplay";
    frame.src = new URL("/embed/" + encodeURIComponent(clone), home).href;
    frame.addEventListener("load", function () {
      frame.focus();
    });
    panel.append(frame);
  }

  button.addEventListener("click", function () {
    show(panel.hidden);
  });
  function closed(event) {
    if (event.key !== "Escape" || panel.hidden) return;
    show(false);
    button.focus();
  }
  document.addEventListener("keydown", closed);
  // Escape inside the talk comes as a message from its page, and from no other.
  window.addEventListener("message", function (event) {
    var frame = panel.querySelector("iframe");
    if (event.origin !== home.origin || !frame || event.source !== frame.contentWindow || event.data !== "selfsame:close") return;
    show(false);
    button.focus();
  });

  show(false);
  root.append(panel, button);
  document.body ? document.body.append(host) : document.addEventListener("DOMContentLoaded", function () { document.body.append(host); });
})();
