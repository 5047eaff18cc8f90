// What tests ask of a page from within. The browser's own tools run this, whom the page's policy does not bind.
window.looking = {
  // Everything that Tab stops at, in the order of the document; of a group of radios only one does.
  stops() {
    const folded = (element) => element.closest("details:not([open]) > :not(summary)");
    const group = (one) => [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(one.name)}"]`)];
    const first = (one) => one.type !== "radio" || one === (group(one).find((other) => other.checked) || group(one)[0]);
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(
      (one) => !one.disabled && one.type !== "hidden" && one.checkVisibility() && !folded(one) && first(one),
    );
  },
  // How an element and what stands right by it are drawn: a radio shows its focus on the label after it.
  look(element) {
    const part = (one, pseudo) => {
      const style = getComputedStyle(one, pseudo);
      return [style.outline, style.boxShadow, style.backgroundColor, style.color, style.fill, style.stroke].join();
    };
    const near = [element, element.nextElementSibling, ...element.children].filter((one) => one);
    return near.map((one) => part(one, null) + part(one, "::before")).join();
  },
  prepare(within) {
    this.within = within;
    this.found = this.stops().filter((one) => one.closest(within));
    this.before = this.found.map((one) => this.look(one));
    document.activeElement.blur();
    if (within !== "body") document.querySelector(within).focus(); // as the skip link does
    return this.found.length;
  },
  // Where the focus is: its place among the stops, whether it is drawn otherwise than before, and whether it can be
  // seen in the middle of what the window shows of it; nothing when it has left the page, or what is gone through.
  met() {
    const element = document.activeElement;
    if (!element || element === document.body || !element.closest(this.within)) return null;
    const at = this.found.indexOf(element);
    const box = element.getClientRects()[0] || element.getBoundingClientRect();
    const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
    const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
    const top = document.elementFromPoint(x, y);
    const label = (element.labels || [])[0];
    const seen = top && (element.contains(top) || top.contains(element) || (label && label.contains(top)));
    const marked = at < 0 || this.look(element) !== this.before[at];
    return { at, name: element.outerHTML.slice(0, 100), marked, seen: Boolean(seen) };
  },
  // Text as widely spaced as somebody who needs it may set it (WCAG 2.2, 1.4.12).
  space() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }" +
        " p { margin-bottom: 2em !important }",
    );
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  },
  // What hides a part of its own words: not what is hidden from sight on purpose, nor a field or a part that scrolls.
  cut() {
    const hides = (style) => [style.overflowX, style.overflowY].some((way) => way === "hidden" || way === "clip");
    const cut = [...document.querySelectorAll("body *:not(svg, svg *, input, select)")].filter(
      (one) =>
        one.clientWidth > 1 &&
        (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) &&
        hides(getComputedStyle(one)),
    );
    const wide = document.documentElement.scrollWidth;
    const page = wide > innerWidth ? [`the page is ${wide} wide in a window of ${innerWidth}`] : [];
    return page.concat(cut.map((one) => one.outerHTML.slice(0, 100)));
  },
  async axe(within) {
    const found = await axe.run(within === "document" ? document : within, {
      resultTypes: ["violations"],
      preload: false, // none of our rules reads style sheets
      rules: { "target-size": { enabled: true } },
    });
    const told = (fault, node) => `${fault.id}: ${node.html.slice(0, 120)} ${node.failureSummary.slice(0, 160)}`;
    return found.violations.flatMap((fault) => fault.nodes.map((node) => told(fault, node)));
  },
};
