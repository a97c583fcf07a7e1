// Built into dist/heliograph.worker.min.js, for pages without a bundler.
import { serveTabs } from "../src/worker.js";

serveTabs();
