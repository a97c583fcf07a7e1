import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// The bound of a wait that has failed: a busy machine may take seconds.
configure({ asyncUtilTimeout: 20_000 });

// Mantine's growing text fields listen for fonts, which happy-dom does not have.
if (!("fonts" in document)) Object.defineProperty(document, "fonts", { value: new EventTarget() });

afterEach(cleanup);
