// A reader of Swagger 2.0 reads the oldest form of the API document: its structure, its references, and
// what the specification asks of parameters and definitions.
import SwaggerParser from "@apidevtools/swagger-parser";

const api = await SwaggerParser.validate(process.argv[2]);
const operations = Object.values(api.paths).flatMap((item) => Object.values(item));
console.log(`Swagger ${api.swagger}: ${operations.length} operations read`);
