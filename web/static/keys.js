// Keys for lists, and ticking all rows at once. Without this file every page works as it is.
(function () {
  "use strict";
  const STORE = "foidesk keys"; // "off" when somebody does not want them (WCAG 2.1.4)
  const dialog = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  let leading = 0; // until when a letter follows "g", in milliseconds

  function wanted() {
    try {
      return localStorage.getItem(STORE) !== "off";
    } catch (refused) {
      return true; // a browser that keeps nothing: the keys work, and cannot be switched off for longer than a page
    }
  }

  let on = wanted();
  box.checked = on;
  box.addEventListener("change", function () {
    on = box.checked;
    try {
      localStorage.setItem(STORE, on ? "on" : "off");
    } catch (refused) {
      return;
    }
  });
  document.getElementById("keys-offer").hidden = false;
  document.getElementById("keys-open").addEventListener("click", help);

  function help() {
    dialog.showModal();
    document.getElementById("keys-title").focus();
  }

  function typing(target) {
    if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
    return target.tagName === "INPUT" && target.type !== "checkbox" && target.type !== "radio";
  }

  const rows = () => [...document.querySelectorAll("main table tbody tr, main .desk-result")].filter(opener);
  const opener = (row) => row.querySelector("a[href]");
  const here = () => document.activeElement.closest("main table tbody tr, main .desk-result");

  function move(step) {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(here());
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    opener(all[next]).focus();
    all[next].scrollIntoView({ block: "nearest" });
    return true;
  }

  function tick() {
    const found = here() && here().querySelector("input[name=case]");
    if (found) found.click();
    return Boolean(found);
  }

  function go(letter) {
    const link = document.querySelector(`.desk-nav__link[data-key="${letter}"]`);
    if (link) link.click();
    return Boolean(link);
  }

  function search() {
    const field = document.querySelector("main form[role=search] input[name=q]") || document.getElementById("search-all");
    if (field) field.focus();
    return Boolean(field);
  }

  function act(event) {
    if (leading > event.timeStamp) {
      leading = 0;
      if (/^[a-z]$/.test(event.key)) return go(event.key);
    }
    switch (event.key) {
      case "j": return move(1);
      case "k": return move(-1);
      case "ArrowDown": return Boolean(here() && opener(here()) === document.activeElement) && move(1);
      case "ArrowUp": return Boolean(here() && opener(here()) === document.activeElement) && move(-1);
      case "x": return tick();
      case "/": return search();
      case "?": help(); return true;
      case "g": leading = event.timeStamp + 1500; return true;
      default: return false;
    }
  }

  document.addEventListener("keydown", function (event) {
    const free = on && !dialog.open && !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
    if (free && !typing(event.target) && act(event)) event.preventDefault();
  });

  const boxes = [...document.querySelectorAll("input[name=case]")];
  const all = document.getElementById("tick-all");
  const told = document.getElementById("ticked");
  function count() {
    const number = boxes.filter((one) => one.checked).length;
    told.textContent = number ? ` (${number})` : "";
    all.textContent = number === boxes.length ? "Take all ticks away" : "Tick all on this page";
  }
  if (all && told && boxes.length) {
    all.addEventListener("click", function (event) {
      event.preventDefault();
      const every = boxes.every((one) => one.checked);
      boxes.forEach((one) => { one.checked = !every; });
      count();
    });
    document.addEventListener("change", count);
    window.addEventListener("pageshow", count);
    window.addEventListener("ticks", count);
    count();
  }
})();
