// embind's runtime, as far as chatwire needs it: its functions take and return unsigned integers
// and nothing else, so what is registered needs no table of types and no conversions. It is written
// down in memory, and ts/core/load.ts reads it there. So the module imports nothing: V8 compiles a
// wrapper for what is imported, which takes a third of a millisecond, and Emscripten's glue would
// be a tenth of all JavaScript.
#include <cstdint>

#include <emscripten/bind.h>

namespace {

/// A function: its name, and its place in the table of functions. Without a name: the end.
struct registered {
  const char* name;
  emscripten::internal::GenericFunction target;
};
constexpr std::uint32_t most = 13;
registered all[most + 1];
std::uint32_t count = 0;

}  // namespace

extern "C" {

void _embind_register_function(const char* name, unsigned /*count*/,
                               const emscripten::internal::TYPEID* /*types*/,
                               const char* /*signature*/,
                               emscripten::internal::GenericFunction /*invoker*/,
                               emscripten::internal::GenericFunction target) {
  if (count == most) __builtin_trap();
  all[count++] = {name, target};
}

[[gnu::used, clang::export_name("functions")]] const registered* functions() { return all; }

}  // extern "C"
