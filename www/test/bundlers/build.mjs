// @ts-check
//
// Builds the applications in a folder with one bundler, as those who use it
// would: `node build.mjs NAME FOLDER`. What it makes of FOLDER/app/X.js is
// FOLDER/NAME/X.js, or for vite a page beside it.

import { createRequire } from "node:module";
import { join } from "node:path";

// Without their types: those of five bundlers need more than this project has.
const require = createRequire(import.meta.url);

/** @type {Record<string, (folder: string) => Promise<unknown>>} */
const builders = { webpack4, webpack5, provided, vite, esbuild, rollup };

/**
 * @param {string} folder
 * @param {string[]} names
 */
function entries(folder, ...names) {
  return Object.fromEntries(
    names.map((name) => [name, join(folder, "app", `${name}.js`)]),
  );
}

// bPanel: webpack.config.js, in production. Its minifier knows ES5 alone, and
// what lies in node_modules is not given to Babel.
/** @param {string} folder */
async function webpack4(folder) {
  const Uglify = require("uglifyjs-webpack-plugin");
  const babel = {
    loader: require.resolve("babel-loader"),
    options: {
      presets: [[require.resolve("@babel/preset-env"), { targets: "ie 11" }]],
    },
  };
  await runWebpack(require("webpack"), {
    mode: "production",
    target: "web",
    entry: entries(folder, "embedded", "external", "required"),
    output: { path: join(folder, "webpack4"), filename: "[name].js" },
    resolve: {
      symlinks: false,
      extensions: ["-browser.js", ".js", ".json", ".jsx"],
    },
    module: {
      rules: [{ test: /\.jsx?$/, exclude: /node_modules/, use: babel }],
    },
    optimization: { minimizer: [new Uglify({ cache: false })] },
    performance: { hints: false },
  });
}

/** @param {string} folder */
async function webpack5(folder) {
  await runWebpack(require("webpack5"), {
    mode: "production",
    entry: entries(folder, "embedded", "external", "located", "required"),
    output: {
      path: join(folder, "webpack5"),
      publicPath: "/webpack5/",
      filename: "[name].js",
    },
    performance: { hints: false },
  });
}

// webpack 5 for those who miss the Buffer of webpack 4: webpack's own recipe.
/** @param {string} folder */
async function provided(folder) {
  const webpack = require("webpack5");
  await runWebpack(webpack, {
    mode: "production",
    entry: entries(folder, "embedded"),
    output: { path: join(folder, "provided"), filename: "[name].js" },
    resolve: { fallback: { buffer: require.resolve("buffer/") } },
    plugins: [new webpack.ProvidePlugin({ Buffer: ["buffer", "Buffer"] })],
    performance: { hints: false },
  });
}

/**
 * @param {any} webpack
 * @param {object} config
 */
async function runWebpack(webpack, config) {
  const stats = await new Promise((resolve, reject) =>
    webpack(config, (error, done) => (error ? reject(error) : resolve(done))),
  );
  if (stats.hasErrors() || stats.hasWarnings())
    throw new Error(
      stats.toString({ all: false, errors: true, warnings: true }),
    );
}

/** @param {string} folder */
async function vite(folder) {
  const { build } = await import(require.resolve("vite"));
  const pages = ["embedded.html", "external.html", "located.html"];
  await build({
    root: folder,
    configFile: false,
    base: "/vite/",
    logLevel: "warn",
    build: {
      outDir: "vite",
      chunkSizeWarningLimit: 2000, // in kB: the module is inside
      rollupOptions: { input: pages.map((page) => join(folder, page)) },
    },
  });
}

/** @param {string} folder */
async function esbuild(folder) {
  await require("esbuild").build({
    entryPoints: entries(folder, "embedded", "external", "required"),
    bundle: true,
    minify: true,
    format: "esm",
    outdir: join(folder, "esbuild"),
  });
}

/** @param {string} folder */
async function rollup(folder) {
  const { rollup } = require("rollup");
  const resolve = require("@rollup/plugin-node-resolve").default;
  const fail = (/** @type {{message: string}} */ warning) => {
    throw new Error(warning.message);
  };
  for (const [name, input] of Object.entries(
    entries(folder, "embedded", "external"),
  )) {
    const bundle = await rollup({
      input,
      plugins: [resolve({ browser: true })],
      onwarn: fail,
    });
    const file = join(folder, "rollup", `${name}.js`);
    await bundle.write({ file, format: "es" });
  }
}

const [name, folder] = process.argv.slice(2);
await builders[name](folder);
