// What JavaScript sees of the core. Functions take and return integers only: anything else costs
// more than the decoding (a std::string argument a hundred times as much). They are free functions
// over a handle, because embind's classes would be a third of all that a page loads.
#include <new>

#include <emscripten/bind.h>

#include "handle.hpp"
#include "model_text.hpp"

namespace {

using chatwire::at;
using chatwire::handle;
using chatwire::session;

handle open_session() {
  return reinterpret_cast<handle>(new (std::nothrow) session);  // 0: no memory
}
handle input(handle of, std::uint32_t bytes) { return at(of)->input(bytes); }
void limit(handle of, std::uint32_t body_bytes, std::uint32_t event_bytes, std::uint32_t depth,
           std::uint32_t choices, std::uint32_t tool_calls) {
  at(of)->limit(body_bytes, event_bytes, depth, choices, tool_calls);
}
std::uint32_t decode(handle of, std::uint32_t length, std::uint32_t options) {
  return at(of)->decode(length, options);
}
void shrink(handle of, std::uint32_t bytes) { at(of)->shrink(bytes); }

std::uint32_t model_text(std::uint32_t number) {
  return reinterpret_cast<std::uint32_t>(chatwire::model_text(number));
}

}  // namespace

EMSCRIPTEN_BINDINGS(chatwire) {
  emscripten::function("openSession", &open_session);
  emscripten::function("input", &input);
  emscripten::function("limit", &limit);
  emscripten::function("decode", &decode);
  emscripten::function("shrink", &shrink);
  emscripten::function("modelText", &model_text);
}
