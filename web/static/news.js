// Keeps a page fresh while it is looked at: counts, mail, and word of what changed. It never touches what is typed or ticked.
(function () {
  "use strict";
  const PAUSE = 25000; // milliseconds between two questions
  const TICKS = "foidesk ticks";
  const body = document.body;
  const notice = document.getElementById("news");
  const table = document.querySelector("table[data-list]");
  let timer = 0;
  let shown = "";

  function address() {
    const asked = new URLSearchParams();
    if (table) {
      asked.set("list", table.dataset.list);
      asked.set("have", [...table.querySelectorAll("[data-have]")].map((row) => row.dataset.have).join(","));
    }
    if (body.dataset.case) {
      asked.set("case", body.dataset.case);
      asked.set("seq", body.dataset.seq);
    }
    return body.dataset.news + "?" + asked;
  }

  // Told once: a screen reader hears what changes, not the same words every half minute.
  function tell(words, act, alarm) {
    if (words === shown) return;
    shown = words;
    notice.hidden = !words;
    notice.classList.toggle("desk-news--alarm", Boolean(alarm));
    const line = document.createElement("p");
    line.textContent = words + " ";
    if (act) line.append(act);
    notice.replaceChildren(line);
  }

  function link(words, href, elsewhere) {
    const made = document.createElement("a");
    made.className = "govuk-link";
    made.textContent = elsewhere ? words + " (opens a new window)" : words;
    made.href = href;
    if (elsewhere) made.target = "_blank";
    return made;
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "desk-plain";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function typed() {
    const fields = document.querySelectorAll("main textarea, main input[type=text], main input[type=email]");
    return [...fields].some((field) => field.value !== field.defaultValue);
  }

  function again() {
    const ticks = [...document.querySelectorAll("input[name=case]:checked")].map((box) => box.value);
    sessionStorage.setItem(TICKS, JSON.stringify({ at: location.href, ticks: ticks, to: document.getElementById("to")?.value }));
    location.reload();
  }

  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(TICKS) || "null");
    sessionStorage.removeItem(TICKS);
    if (!kept || kept.at !== location.href) return;
    for (const box of document.querySelectorAll("input[name=case]")) if (kept.ticks.includes(box.value)) box.checked = true;
    const to = document.getElementById("to");
    if (to && kept.to) to.value = kept.to;
    window.dispatchEvent(new Event("ticks"));
  }

  function refresh(news) {
    for (const mark of document.querySelectorAll("[data-count]")) {
      const number = news.counts[mark.dataset.count];
      if (number === undefined) continue;
      mark.textContent = number;
      if ("alarm" in mark.dataset) mark.classList.toggle("desk-count--alarm", number > 0);
    }
    const read = document.getElementById("mail-read");
    read.textContent = news.read;
    read.classList.toggle("desk-late", news.late);
    document.getElementById("trouble").hidden = !news.troubles.length;
    document.getElementById("troubles").replaceChildren(...news.troubles.map(function (words) {
      const line = document.createElement("p");
      line.className = "govuk-body";
      line.textContent = words;
      return line;
    }));
  }

  function understand(news) {
    refresh(news);
    if (String(news.who) !== body.dataset.who) {
      return tell("Somebody else has signed in here. Copy what you have typed, then reload the page.", null, true);
    }
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = news.csrf;
    if (news.ends_in < 300) {
      const minutes = Math.max(1, Math.round(news.ends_in / 60));
      return tell(`You will be signed out in ${minutes} minute${minutes === 1 ? "" : "s"}.`, button("Stay signed in", stay), true);
    }
    if (news.case) return tell(news.case, link("Look", body.dataset.caseUrl, typed()));
    tell(news.list, news.list ? button("Show them", again) : null);
  }

  async function ask(extra) {
    clearTimeout(timer);
    try {
      const answer = await fetch(address() + (extra || ""), { credentials: "same-origin", redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") {
        const where = "/sign-in?next=" + encodeURIComponent(location.pathname + location.search);
        tell("You have been signed out. What you have typed is kept here: sign in again in the other window, then send it from this one.", link("Sign in", where, true), true);
      } else if (answer.ok) {
        understand(await answer.json());
      } else {
        unreachable();
      }
    } catch (fault) {
      unreachable();
    }
    if (document.visibilityState === "visible") timer = setTimeout(ask, PAUSE);
  }

  function unreachable() {
    tell("The desk does not answer. What you type is kept here; do not send it until this notice has gone.", button("Try again", () => ask()), true);
  }

  function stay() {
    ask("&stay=1");
  }

  // The page of a long act shows how far it has come.
  async function follow(part) {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
        if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML; // our own page, every value escaped
        if (fresh && !("live" in fresh.dataset)) return;
      }
    } catch (fault) {
      unreachable();
    }
    setTimeout(() => follow(part), 2000);
  }

  // A form takes along what is typed into it, and nothing else of its page: whoever would lose a text is asked first.
  // What a refused form shows again is nowhere kept, although the page came with it.
  const refused = document.querySelector("main .govuk-error-summary") !== null;
  let sent = null;
  document.addEventListener("submit", function (event) {
    sent = event.defaultPrevented ? null : event.target;
  });
  window.addEventListener("beforeunload", function (event) {
    const texts = [...document.querySelectorAll("main textarea")];
    const unkept = (text) => text.value !== text.defaultValue || (refused && text.value !== "" && !text.readOnly);
    if (texts.some((text) => unkept(text) && text.form !== sent)) event.preventDefault();
    sent = null;
  });

  document.addEventListener("visibilitychange", function () {
    clearTimeout(timer);
    if (document.visibilityState === "visible") ask();
  });
  restore();
  timer = setTimeout(ask, PAUSE);
  const live = document.querySelector("[data-live]");
  if (live) setTimeout(() => follow(live), 2000);
})();
