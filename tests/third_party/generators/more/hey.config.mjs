export default {
  input: process.env.DOCUMENT,
  output: "made/hey",
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", { name: "@hey-api/sdk", validator: { response: "zod" } }, "zod"],
};
