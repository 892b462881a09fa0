import * as chatwire from "chatwire";
import { conformance } from "./conformance.mjs";

globalThis.report = conformance(chatwire);
