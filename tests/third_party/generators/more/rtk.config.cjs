module.exports = {
  schemaFile: process.env.DOCUMENT,
  apiFile: "./rtk.base.ts",
  apiImport: "base",
  outputFile: "./made/rtk.ts",
  exportName: "livret",
};
