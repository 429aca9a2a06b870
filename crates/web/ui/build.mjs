// Makes ../assets from Bootstrap Italia and our own files. Same input, same bytes.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";
import * as safelist from "./safelist.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../../..");
const kit = path.join(here, "node_modules/bootstrap-italia");
const out = path.resolve(here, "../assets");
const read = (file) => fs.readFileSync(path.join(here, file), "utf8");

fs.rmSync(out, { recursive: true, force: true });
for (const dir of ["fonts", "licenze"]) fs.mkdirSync(path.join(out, dir), { recursive: true });
const write = (name, text) => fs.writeFileSync(path.join(out, name), text);

// What the pages are made of: templates and the code that writes markup, of all crates.
const sources = ["crates", "services"].flatMap((top) =>
  fs.readdirSync(path.join(root, top)).flatMap((name) => walk(path.join(root, top, name))));
function walk(dir) {
  if (!fs.statSync(dir).isDirectory() || /(node_modules|assets|target)$/.test(dir)) return [];
  return fs.readdirSync(dir).sort().flatMap((name) => {
    const file = path.join(dir, name);
    if (fs.statSync(file).isDirectory()) return walk(file);
    return file.endsWith(".html") || (file.endsWith(".rs") && file.startsWith(path.join(root, "crates/web/src"))) ? [file] : [];
  });
}

const [purged] = await new PurgeCSS().purge({
  content: [...sources, path.join(here, "app.js")],
  css: [path.join(kit, "dist/css/bootstrap-italia.min.css")],
  safelist: safelist.classes,
  variables: true,
  fontFace: true,
  keyframes: true,
});
const licence = "/*! Bootstrap Italia 2.18.3, trimmed: BSD-3-Clause, see licenze/. Made by crates/web/ui/build.sh */\n";
const kitCss = purged.css.replace(/\/\*(?!!)[\s\S]*?\*\//g, "").replace(/\n+/g, "\n");
const small = (css) => css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\n+/g, "\n").trim();
write("govpay.css", licence + small(read("fonts.css")) + "\n" + kitCss.trim() + "\n" + small(read("app.css")) + "\n");
write("govpay.js", read("app.js"));
write("favicon.svg", read("favicon.svg"));

// Icons: those that a source names, and the safelist.
const used = new Set(safelist.icons);
const rust = ["crates", "services"].flatMap((top) => fs.readdirSync(path.join(root, top)).flatMap((name) => rustFiles(path.join(root, top, name, "src"))));
function rustFiles(dir) {
  if (!fs.existsSync(dir)) return [];
  return fs.readdirSync(dir, { recursive: true }).filter((f) => f.endsWith(".rs")).map((f) => path.join(dir, f));
}
for (const file of [...sources, ...rust]) for (const [, id] of fs.readFileSync(file, "utf8").matchAll(/["#](it-[a-z0-9-]+)["]/g)) used.add(id);
const sprite = fs.readFileSync(path.join(kit, "dist/svg/sprites.svg"), "utf8");
const symbols = [...sprite.matchAll(/<(symbol|svg) [^>]*id="(it-[a-z0-9-]+)"[\s\S]*?<\/\1>/g)].filter(([, , id]) => used.has(id));
const extra = read("sprite-extra.svg").match(/<symbol[\s\S]*<\/symbol>/)[0];
write("sprites.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.map(([text]) => text).join("\n")}\n${extra}</svg>\n`);

const copy = (from, to) => fs.copyFileSync(path.join(kit, from), path.join(out, to));
const fonts = "dist/fonts";
for (const [weight, name] of [[300, "300"], [400, "regular"], [600, "600"], [700, "700"]])
  copy(`${fonts}/Titillium_Web/titillium-web-v10-latin-ext_latin-${name}.woff2`, `fonts/titillium-web-${weight}.woff2`);
copy(`${fonts}/Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular.woff2`, "fonts/roboto-mono-400.woff2");
copy("LICENSE", "licenze/bootstrap-italia-BSD-3-Clause.txt");
copy(`${fonts}/Titillium_Web/OFL.txt`, "licenze/titillium-web-OFL.txt");
copy(`${fonts}/Roboto_Mono/LICENSE.txt`, "licenze/roboto-mono-Apache-2.0.txt");

const files = {};
for (const name of fs.readdirSync(out, { recursive: true }).sort()) {
  const file = path.join(out, name);
  if (fs.statSync(file).isFile()) files[name.split(path.sep).join("/")] = crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}
const manifest = { "bootstrap-italia": "2.18.3", files };
write("manifest.json", JSON.stringify(manifest, null, 2) + "\n");
for (const [name] of Object.entries(files)) console.log(String(fs.statSync(path.join(out, name)).size).padStart(8), name);
