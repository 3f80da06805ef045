// The sliders of every page against the engine's tables; see run.sh.
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const TOLERANCE = 1e-9;
// As run.sh writes them into the method.
const OTHER = {
  likely: { pool: 20, availability: 30, mobility: 10, feasibility: 40 },
  potential: { pool: 25, availability: 45, feasibility: 30 },
};

function records(file) {
  const fields = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) => match[1].replace(/^"|"$/g, ""));
  const [head, ...lines] = fs.readFileSync(file, "utf8").trim().split("\n");
  const names = fields(head);
  return lines.map((line) => Object.fromEntries(fields(line).slice(0, names.length).map((value, place) => [names[place], value])));
}

let wrong = 0;
let compared = 0;
function fault(text) {
  wrong += 1;
  console.log(text);
}

// What the page computed for a list against the ranks and scores of a table.
function compare(where, rows, table, area, list) {
  const expected = table.filter((row) => row.market_type === "country" && row.area === area && row.weighting === list && row.rank !== "");
  if (expected.length !== rows.length) fault(`${where}: ${rows.length} countries, the engine ranks ${expected.length}`);
  const found = new Map(rows.map((row) => [row.code, row]));
  for (const row of expected) {
    const own = found.get(row.market);
    compared += 1;
    if (!own) fault(`${where}: ${row.market} is missing`);
    else if (own.rank !== Number(row.rank)) fault(`${where}: ${row.market} is ${own.rank}, the engine says ${row.rank}`);
    else if (Math.abs(own.score - Number(row.score)) > TOLERANCE) fault(`${where}: ${row.market} scores ${own.score}, the engine says ${row.score}`);
  }
}

(async () => {
  const [run, other] = process.argv.slice(2, 4).map((folder) => path.resolve(folder));
  const [official, reweighed] = [run, other].map((folder) => records(path.join(folder, "data/markets.csv")));
  const pages = fs.readdirSync(run).filter((name) => /^(omrade|bransch)-.*\.html$/.test(name)).sort();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  let differing = 0;
  for (const name of pages) {
    const address = "file://" + path.join(run, name);
    const area = name.replace(/^(omrade|bransch)-/, "").replace(/\.html$/, "");
    const key = [...new Set(official.map((row) => row.area))].find((key) => key.replaceAll("_", "-") === area);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => { if (message.type() === "error") problems.push(message.text()); });
    page.on("request", (request) => { if (!/^(file|data):/.test(request.url())) problems.push(`asks for ${request.url()}`); });
    await page.goto(address);
    if (await page.locator("#weigh").count() === 0) {
      if (official.some((row) => row.area === key && row.rank !== "" && row.market_type === "country")) fault(`${name}: no sliders`);
      continue;
    }
    await page.evaluate(() => {
      document.getElementById("weigh").addEventListener("weighed", (event) => { globalThis.weighed = event.detail; });
      document.querySelector("#weigh button").click();
    });
    const weighed = () => page.evaluate(() => globalThis.weighed);
    const shownNames = () => page.locator("#weigh tbody th").allTextContents();
    for (const list of await page.locator("#weigh input[type=radio]").evaluateAll((all) => all.map((one) => one.value))) {
      await page.check(`#weigh input[value=${list}]`);
      const start = await weighed();
      if (start.list !== list) fault(`${name}: ${list} was chosen, ${start.list} computed`);
      compare(`${name}, ${list}, weights in force`, start.rows, official, key, list);
      for (const [pillar, position] of Object.entries(OTHER[list])) {
        await page.locator(`#weigh-${pillar}`).evaluate((slider, position) => {
          slider.value = String(position);
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        }, position);
      }
      const moved = await weighed();
      compare(`${name}, ${list}, other weights`, moved.rows, reweighed, key, list);
      if (moved.rows.map((row) => row.code).join() !== start.rows.map((row) => row.code).join()) differing += 1;
      await page.waitForTimeout(400);
      const said = await page.locator("#weigh [role=status]").textContent();
      const first = await shownNames();
      if (said.trim() === "" || !said.includes(first[0])) fault(`${name}, ${list}: the live region says "${said}", first is ${first[0]}`);
      await page.click("#weigh button");
      compare(`${name}, ${list}, reset`, (await weighed()).rows, official, key, list);
    }
    // Keyboard alone: to the first list, then a slider, two steps up and one down, then the reset.
    await page.check("#weigh input[type=radio] >> nth=0");
    const before = Number(await page.locator("#weigh-pool").inputValue());
    await page.focus("#weigh input[type=radio] >> nth=0");
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement.id);
    if (focused !== "weigh-pool") fault(`${name}: Tab from the lists goes to ${focused}`);
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    if (outline === "none") fault(`${name}: the focus of a slider is not seen`);
    for (const press of ["ArrowRight", "ArrowRight", "ArrowLeft"]) await page.keyboard.press(press);
    if (Number(await page.locator("#weigh-pool").inputValue()) !== before + 1) fault(`${name}: arrow keys do not move the slider`);
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement.tagName) !== "BUTTON") fault(`${name}: the reset is not reached with Tab`);
    await page.keyboard.press("Enter");
    if (Number(await page.locator("#weigh-pool").inputValue()) !== before) fault(`${name}: the reset does not reset`);
    // All at zero: said, and nothing breaks.
    await page.locator("#weigh input[type=range]").evaluateAll((all) => all.forEach((slider) => {
      slider.value = "0";
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }));
    await page.waitForTimeout(400);
    if ((await shownNames()).length === 0) fault(`${name}: no order is shown when everything weighs nothing`);
    await page.click("#weigh button");
    const small = await page.locator("#weigh input, #weigh button").evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect()).filter((box) => box.width < 24 || box.height < 24).length);
    if (small > 0) fault(`${name}: ${small} controls are under 24 px`);
    await page.evaluate(axe);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"];
      const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }), tags);
      for (const violation of result.violations) fault(`${name} at ${width} px: ${violation.id}: ${violation.help} ${violation.nodes[0].html.slice(0, 160)}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 320) fault(`${name}: ${wide} px wide in a window of 320 px`);
    await page.emulateMedia({ media: "print" });
    if (await page.locator("#weigh").isVisible()) fault(`${name}: the sliders are printed`);
    for (const problem of problems) fault(`${name}: ${problem}`);
    await page.close();
    const still = await browser.newContext({ javaScriptEnabled: false });
    const quiet = await still.newPage();
    await quiet.goto(address);
    if (await quiet.locator("#weigh").isVisible()) fault(`${name}: the sliders show without JavaScript`);
    await still.close();
  }
  await browser.close();
  if (differing === 0) fault("the other position changes no order: nothing was tested");
  console.log(`${pages.length} pages, ${compared} places compared, ${wrong} faults`);
  process.exit(wrong === 0 && compared > 0 ? 0 : 1);
})();
