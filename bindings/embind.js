// embind's runtime, as far as chatwire needs it: its functions take and return unsigned integers and
// nothing else, so what C++ registers needs no table of types and no conversions. It takes the place
// of Emscripten's own embind.js, which is three times as large as all the rest of the glue, and whose
// calls cost fifteen times as much where `eval` is not allowed.
mergeInto(LibraryManager.library, {
  // `target` is a place in the table of functions. Addresses are below 2^31 (MAXIMUM_MEMORY), so that
  // nothing has to be done about their signs.
  _embind_register_function__deps: ["$getWasmTableEntry"],
  _embind_register_function: function (name, count, types, signature, invoker, target) {
    var text = "";
    while (HEAPU8[name]) text += String.fromCharCode(HEAPU8[name++]);
    Module[text] = getWasmTableEntry(target);
  },
});
