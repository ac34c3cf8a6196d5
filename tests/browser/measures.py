"""What a reader's own settings do to a page, measured in the browser. Each names what is wrong.

No measure adds a style element: the site's content policy forbids it. Sheets are adopted instead.
"""

from playwright.sync_api import Page

# Text that is cut off by a box, runs out of the window, or lies over other text.
TEXT_FAULTS = """() => {
  const seen = element => element.checkVisibility(
    {contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true});
  const away = element => element.closest(".away, .skip, [aria-hidden=true]");
  const scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const name = element => `${element.tagName.toLowerCase()} “${
    element.textContent.trim().replace(/\\s+/g, " ").slice(0, 40)}”`;
  const found = [], lines = [];
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
    found.push("wider than the window");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, svg, option, textarea")) continue;
    if (!seen(element) || away(element)) continue;
    let scrolled = false;
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      scrolled ||= scrolls(box);
      const style = getComputedStyle(box);
      const cut = /hidden|clip/.test(style.overflowX + style.overflowY);
      if (cut && style.display !== "inline" && (
          box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1))
        found.push(`cut off: ${name(box)}`);
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 2) continue;
      if (!scrolled && (box.right > innerWidth + 1 || box.left < -1))
        found.push(`out of the window: ${name(element)}`);
      lines.push({box, element});
    }
  }
  lines.sort((one, other) => one.box.top - other.box.top);
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length && lines[j].box.top < lines[i].box.bottom; j++) {
      const [a, b] = [lines[i].box, lines[j].box];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > .35 * Math.min(a.height, b.height))
        found.push(`overlap: ${name(lines[i].element)} and ${name(lines[j].element)}`);
    }
  }
  return [...new Set(found)];
}"""

# WCAG 2.2, 1.4.4 and 1.4.12: text at twice its size, by the browser's own setting, and the spacing
# that readers may set.
LARGE_TEXT = {"fontSizes": {"standard": 32, "fixed": 26}}
USUAL_TEXT = {"fontSizes": {"standard": 16, "fixed": 13}}
SPACED_TEXT = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }
"""
ADOPT = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""

# Notes, at each stop of the Tab key, what shows that it has the focus and what covers it.
WATCH_FOCUS = """() => {
  window.stops = [];
  document.addEventListener("focusin", event => {
    const style = getComputedStyle(event.target);
    const box = event.target.getBoundingClientRect();
    // The middle of what stands in the window: a tall field may reach over its edge.
    const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
    const top = document.elementFromPoint(
      middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
    const label = [...event.target.labels ?? []];
    window.stops.push({
      element: event.target,
      outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && style.outlineColor !== "rgba(0, 0, 0, 0)",
      shadow: style.boxShadow,
      covered: !(top && (event.target.contains(top) || top.contains(event.target)
        || label.some(each => each.contains(top)) || box.height > innerHeight)),
    });
  });
}"""
STOPS = """() => {
  const reachable =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const seen = element => element.checkVisibility(
    {contentVisibilityAuto: true, visibilityProperty: true});
  const name = element => `${element.tagName.toLowerCase()} “${
    (element.textContent.trim() || element.name || "").replace(/\\s+/g, " ").slice(0, 40)}”`;
  const key = element =>
    element.type === "radio" ? `${element.form?.action} ${element.name}` : element;
  const stops = window.stops.filter(stop => stop.element !== document.body);
  const reached = new Set(stops.map(stop => key(stop.element)));
  document.activeElement.blur();
  const found = [];
  for (const element of document.querySelectorAll(reachable))
    if (element.tabIndex >= 0 && !element.disabled && seen(element) && !reached.has(key(element)))
      found.push(`not reached: ${name(element)}`);
  for (const stop of stops) {
    const shown = stop.outline || stop.shadow !== getComputedStyle(stop.element).boxShadow;
    if (!shown) found.push(`focus not seen: ${name(stop.element)}`);
    if (stop.covered) found.push(`focus covered: ${name(stop.element)}`);
  }
  return [...new Set(found)];
}"""
# Where the last press has led: out of the page or round to its first stop, on, or nowhere new.
WAY = """pressed => {
  const [first, ...rest] = window.stops.map(stop => stop.element);
  if (document.activeElement === document.body) return "out";
  if (rest.length && rest.at(-1) === first) return "out";
  return rest.length + 1 < pressed || rest.indexOf(rest.at(-1)) < rest.length - 1 ? "trap" : "on";
}"""

# Pictures keep a line that stands out from the ground, and what is pressed keeps an edge.
FORCED_COLOUR_FAULTS = """() => {
  const parts = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(part => part / 255)
    .map(p => p <= .04045 ? p / 12.92 : ((p + .055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [.2126, .7152, .0722][place], 0);
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + .05) / (dark + .05);
  };
  const ground = document.createElement("span");
  document.body.append(ground);
  ground.style.color = "Canvas";
  const canvas = getComputedStyle(ground).color;
  ground.remove();
  const clear = colour => !colour.startsWith("rgb") || parts(colour)[3] === 0;
  const stands = colour => !clear(colour) && contrast(colour, canvas) >= 3;
  const name = element => `${element.tagName.toLowerCase()} “${
    (element.textContent.trim() || element.name || "").replace(/\\s+/g, " ").slice(0, 40)}”`;
  const found = [];
  for (const svg of document.querySelectorAll("svg")) {
    if (!svg.checkVisibility()) continue;
    const shapes = svg.querySelectorAll(
      "path, line, circle, rect, ellipse, polyline, polygon, use");
    const drawn = [...shapes].some(shape => {
      const style = getComputedStyle(shape);
      return stands(style.stroke) || stands(style.fill);
    });
    if (!drawn) found.push(`picture not seen: ${name(svg)}`);
  }
  for (const button of document.querySelectorAll("button, .button, input, select, textarea")) {
    if (!button.checkVisibility() || button.type === "hidden" || button.closest(".away")) continue;
    const style = getComputedStyle(button);
    const edged = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0
      && !clear(style.borderTopColor);
    if (!edged && style.appearance === "none" || !edged && button.matches("a"))
      found.push(`no edge: ${name(button)}`);
  }
  return [...new Set(found)];
}"""

# On paper: the text, its sources and the telephone, and nothing that only a screen can use.
PRINT_FAULTS = """() => {
  const shown = selector => [...document.querySelectorAll(selector)]
    .filter(element => element.checkVisibility({contentVisibilityAuto: true}));
  const name = element => `${element.tagName.toLowerCase()} “${
    (element.textContent.trim() || element.name || "").replace(/\\s+/g, " ").slice(0, 40)}”`;
  const found = shown("nav, .skip, .button, button, form, .times").map(
    element => `on paper: ${name(element)}`);
  for (const [what, selector] of Object.entries(
      {heading: "h1", text: "main p", telephone: "a[href^='tel:']"}))
    if (!shown(selector).length) found.push(`not on paper: ${what}`);
  for (const element of document.querySelectorAll("#sources li"))
    if (!element.checkVisibility({contentVisibilityAuto: true}))
      found.push(`not on paper: ${name(element)}`);
  for (const link of shown("main a[href^=http]"))
    if (!getComputedStyle(link, "::after").content.includes(link.getAttribute("href")))
      found.push(`no address: ${name(link)}`);
  return [...new Set(found)];
}"""

MOTION = """() => [...document.querySelectorAll("*")].flatMap(element => {
  const style = getComputedStyle(element);
  const moves = [style.transitionDuration, style.animationDuration]
    .flatMap(times => times.split(", ")).some(time => parseFloat(time) > 0);
  const scrolls = style.scrollBehavior === "smooth";
  return moves || scrolls ? [`moves: ${element.tagName.toLowerCase()}`] : [];
})"""

# A line is what stands at one height: letters are taken one by one, as the browser has set them.
MOST_LETTERS = 70
LONG_LINES = """most => [
  ...document.querySelectorAll("main :is(p, li, dd, figcaption)")
].flatMap(box => {
  if (box.querySelector("p, li, dd")) return [];
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), lines = [];
  let foot = -Infinity;
  for (let node; node = walker.nextNode();) {
    for (let i = 0; i < node.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const letter = range.getClientRects()[0];
      if (!letter?.width) continue;
      if (Math.abs(letter.bottom - foot) > letter.height / 2) {
        lines.push("");
        foot = letter.bottom;
      }
      lines.push(lines.pop() + node.data[i]);
    }
  }
  return lines.map(line => line.trim()).filter(line => line.length > most).map(line =>
    `${line.length} letters in a line: ${line.slice(0, 12)}…`);
})"""

WARNING = """() => {
  const card = document.querySelector(".emergency");
  const first = [card?.querySelector("h2"), ...(card?.querySelectorAll("li") ?? [])].slice(0, 3);
  const seen = first.filter(part => part?.getBoundingClientRect().bottom <= innerHeight);
  return seen.length === 3 ? [] : [`on the first screen: ${seen.length} of 3 lines of warning`];
}"""

# A time of day such as "9:30 a.m.", or a telephone number that is a link, that two lines share.
BROKEN_NUMBERS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node; node = walker.nextNode();) {
    const number = node.parentElement.closest("[href^='tel:']")
      ? /\\(\\d{3}\\)\\s\\d{3}-\\d{4}/g : /\\d[\\d:]*\\s[ap]\\.m\\./g;
    for (const match of node.data.matchAll(number)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (lines.size > 1) found.push(`broken: ${match[0].replace(/\\s/, " ")}`);
    }
  }
  return found;
}"""


def broken_numbers(page: Page) -> list[str]:
    """Times and telephone numbers over two lines, on a small phone and a usual one, which stays."""
    found = []
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        found += [f"at {width} px: {fault}" for fault in page.evaluate(BROKEN_NUMBERS)]
    return found


def reading_width(page: Page) -> list[str]:
    """Lines too long for the eye to find the next, in the widest window."""
    page.set_viewport_size({"width": 1280, "height": 800})
    return page.evaluate(LONG_LINES, MOST_LETTERS)


def first_screen(page: Page) -> list[str]:
    """The heading and two lines of the emergency card, before anybody scrolls on a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page.evaluate(WARNING)


def reflow(page: Page) -> list[str]:
    """1280 px at 400 %, which is 320 by 256 px: everything there, nothing to scroll sideways."""
    page.set_viewport_size({"width": 320, "height": 256})
    return [f"at 400 %: {fault}" for fault in page.evaluate(TEXT_FAULTS)]


def large_and_spaced_text(page: Page) -> list[str]:
    """Text at 200 % with WCAG's spacing, which stays: the last that is asked of a page."""
    page.set_viewport_size({"width": 1280, "height": 800})
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", LARGE_TEXT)
    page.evaluate(ADOPT, SPACED_TEXT)
    found = [f"large and spaced: {fault}" for fault in page.evaluate(TEXT_FAULTS)]
    browser.send("Page.setFontSizes", USUAL_TEXT)
    return found


def keyboard(page: Page) -> list[str]:
    """Tab through the page: every stop is reached, seen and not covered; the way leads out."""
    page.evaluate(WATCH_FOCUS)
    way, pressed = "on", 0
    while way == "on":
        page.keyboard.press("Tab")
        pressed += 1
        way = page.evaluate(WAY, pressed)
    trap = ["a trap"] if way == "trap" else []
    return trap + page.evaluate(STOPS)


def forced_colours(page: Page) -> list[str]:
    """With the colours of the reader's system."""
    page.emulate_media(forced_colors="active")
    found = page.evaluate(FORCED_COLOUR_FAULTS)
    page.emulate_media(forced_colors="none")
    return [f"forced colours: {fault}" for fault in found]


def on_paper(page: Page) -> list[str]:
    page.emulate_media(media="print")
    found = page.evaluate(PRINT_FAULTS)
    page.emulate_media(media="screen")
    return found


def motion(page: Page) -> list[str]:
    """What still moves where the reader has asked for less of it."""
    page.emulate_media(reduced_motion="reduce")
    return sorted(set(page.evaluate(MOTION)))
