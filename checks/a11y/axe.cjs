// axe-core on every page, and the width of each page in a 320 px window.
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

(async () => {
  const folder = path.resolve(process.argv[2]);
  const pages = fs.readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  let wrong = 0;
  for (const name of pages) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto("file://" + path.join(folder, name));
    await page.evaluate(axe);
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"];
    const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }), tags);
    for (const violation of result.violations) {
      wrong += 1;
      console.log(`${name}: ${violation.id}: ${violation.help} (${violation.nodes.length}) ${violation.nodes[0].html.slice(0, 160)}`);
    }
    await page.setViewportSize({ width: 320, height: 800 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) {
      wrong += 1;
      console.log(`${name}: ${width} px wide in a window of 320 px`);
    }
    await page.close();
  }
  await browser.close();
  console.log(`${pages.length} pages, ${wrong} faults`);
  process.exit(wrong === 0 ? 0 : 1);
})();
