// Prints the English words of the app as JSON: { key: template }, for the one catalogue of all languages.
import { createServer } from "vite";

const server = await createServer({ configFile: false, server: { middlewareMode: true }, logLevel: "error", optimizeDeps: { noDiscovery: true } });
const { english } = await server.ssrLoadModule("/src/words/english/index.ts");
process.stdout.write(JSON.stringify(english, null, 1));
await server.close();
