// Where bytes come from: a paste, a drop, a file, the editor, a sample.
import { find, make } from "./dom.js";
import { sample, sampleGroups } from "./samples.js";

const editor = find<HTMLTextAreaElement>("editor");
const edit = find("edit");
const raw = find("bytes");
const samples = find<HTMLSelectElement>("sample");
const file = find<HTMLInputElement>("file");
const largest = 2 << 20; // what can be edited as text without the browser becoming slow

type Load = (bytes: Uint8Array, name: string) => void;
const encode = (text: string) => new TextEncoder().encode(text);

function setEditing(isEditing: boolean): void {
  editor.hidden = !isEditing;
  raw.hidden = isEditing;
  edit.setAttribute("aria-pressed", String(isEditing));
  edit.textContent = isEditing ? "Show bytes" : "Edit";
  if (isEditing) editor.focus();
}

/** Puts the input's text into the editor. */
export function setEditorText(bytes: Uint8Array): void {
  editor.value = bytes.length > largest ? "" : new TextDecoder().decode(bytes);
  (edit as HTMLButtonElement).disabled = bytes.length > largest;
}

export function chooseSample(name: string): Uint8Array {
  samples.value = name;
  return sample(name);
}

function offerSamples(load: Load): void {
  samples.append(
    make("option", { value: "", hidden: true }, "Your own"),
    ...sampleGroups.map(({ label, samples: all }) =>
      make(
        "optgroup",
        { label },
        ...all.map(({ name, shows }) => make("option", { value: name }, `${name}: ${shows}`)),
      ),
    ),
  );
  samples.addEventListener("change", () => {
    setEditing(false);
    load(sample(samples.value), samples.value);
  });
}

function acceptDrops(read: (of: File) => void): void {
  const root = document.documentElement;
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("dropping");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) root.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    const dropped = event.dataTransfer?.files[0];
    if (dropped) read(dropped);
  });
}

export function takeInput(load: Load): void {
  const loadOwn: Load = (bytes, name) => {
    samples.value = "";
    load(bytes, name);
  };
  const read = async (of: File) => {
    setEditing(false);
    loadOwn(new Uint8Array(await of.arrayBuffer()), of.name);
  };
  offerSamples(load);
  acceptDrops((of) => void read(of));
  find("open").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen) void read(chosen);
    file.value = "";
  });
  edit.addEventListener("click", () => setEditing(editor.hidden === true));
  let timer: ReturnType<typeof setTimeout>;
  editor.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => loadOwn(encode(editor.value), "edited"), 120);
  });
  document.addEventListener("paste", (event) => {
    if (event.target === editor) return;
    const pasted = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (pasted) void read(pasted);
    else if (text !== "") {
      setEditing(false);
      loadOwn(encode(text), "pasted");
    }
  });
}
