// Builds both forms of the package into dist: modules for `import`, and for `require`.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const FORMS = {
  esm: ["--module", "NodeNext"],
  cjs: ["--module", "commonjs", "--moduleResolution", "bundler", "--verbatimModuleSyntax", "false"],
};

rmSync(new URL("dist", import.meta.url), { recursive: true, force: true });
for (const [form, words] of Object.entries(FORMS)) {
  const line = ["node_modules/typescript/bin/tsc", "-p", ".", "--outDir", `dist/${form}`, ...words];
  const { status } = spawnSync(process.execPath, line, { cwd: here, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  const type = form === "esm" ? "module" : "commonjs"; // what a file named .js is there
  writeFileSync(new URL(`dist/${form}/package.json`, import.meta.url), `${JSON.stringify({ type })}\n`);
}
