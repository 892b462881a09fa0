"use client";
import * as chatwire from "chatwire";
import { useEffect } from "react";
import { conformance } from "../conformance.mjs";

export default function Page() {
  useEffect(() => {
    globalThis.report = conformance(chatwire);
  }, []);
  return <h1>chatwire</h1>;
}
