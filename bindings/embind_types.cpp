// embind's runtime, as far as this module needs it: its functions take and return integers and
// nothing else. Emscripten's own registers strings, views and floating point as well, and half of
// what a page loads would be glue for them.
#include <emscripten/bind.h>
#include <emscripten/emscripten.h>

#include <cstdint>
#include <limits>

namespace {

template <class T>
void register_integer(const char* name) {
  using namespace emscripten::internal;
  _embind_register_integer(TypeID<T>::get(), name, sizeof(T), std::numeric_limits<T>::min(),
                           std::numeric_limits<T>::max());
}

struct integer_types {
  integer_types() {
    using namespace emscripten::internal;
    _embind_register_void(TypeID<void>::get(), "void");
    register_integer<std::uint32_t>("unsigned int");
  }
} const registered_before_the_functions __attribute__((init_priority(101)));

}  // namespace

// For messages about types that are not registered, which there are none of.
extern "C" EMSCRIPTEN_KEEPALIVE const char* __getTypeName(const std::type_info* /*type*/) {
  return "";
}
