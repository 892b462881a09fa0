// What JavaScript sees of streams. The module for bodies is linked without this file, and so
// without all that only streams need.
#include <emscripten/bind.h>

#include "handle.hpp"

namespace {

using chatwire::at;
using chatwire::handle;
using chatwire::session;
using chatwire::stream;

stream& stream_at(handle of) { return *reinterpret_cast<stream*>(of); }

handle open_stream(handle of, std::uint32_t options) {
  return reinterpret_cast<handle>(at(of)->open_stream(options));  // 0: no memory
}
handle stream_input(handle of, handle stream, std::uint32_t bytes) {
  return at(of)->stream_input(stream_at(stream), bytes);
}
std::uint32_t feed(handle of, handle stream, std::uint32_t length, std::uint32_t wants) {
  return at(of)->feed(stream_at(stream), length, wants);
}
std::uint32_t finish(handle of, handle stream, std::uint32_t wants) {
  return at(of)->finish(stream_at(stream), wants);
}
std::uint32_t complete(handle of, handle stream, std::uint32_t final) {
  return at(of)->complete(stream_at(stream), final != 0);
}
std::uint32_t partial(handle of, handle stream, std::uint32_t choice, std::uint32_t tool_call) {
  return at(of)->partial(stream_at(stream), static_cast<std::int32_t>(choice), tool_call);
}
void close_stream(handle stream) { session::close_stream(&stream_at(stream)); }

}  // namespace

EMSCRIPTEN_BINDINGS(streams) {
  emscripten::function("openStream", &open_stream);
  emscripten::function("streamInput", &stream_input);
  emscripten::function("feed", &feed);
  emscripten::function("finish", &finish);
  emscripten::function("complete", &complete);
  emscripten::function("partial", &partial);
  emscripten::function("closeStream", &close_stream);
}
