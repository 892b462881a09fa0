// Uses the installed library as its users do: exit code 0 where it decodes.
#if __has_include(<chatwire/chatwire.hpp>)
#include <chatwire/chatwire.hpp>

namespace {

bool decodes_bodies() {
  const auto result = chatwire::decode(
      R"({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0,
          "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}]})");
  return result.ok() && result.value().choices.size() == 1;
}

bool decodes_streams() {
  chatwire::stream_decoder decoder;
  std::size_t chunks = 0;
  for (const char* read : {R"(data: {"choices": [{"index": 0, "delta": {"conte)",
                           R"(nt": "[1, 2]"}, "finish_reason": "stop"}]})", "\n\ndata: [DONE]\n\n"})
    chunks += decoder.feed(read)->size();
  const auto content = decoder.partial_content(0);
  if (!content.has_value() || content->value != nlohmann::json{1, 2}) return false;
  if (chunks != 1 || !decoder.done() || !decoder.finish().ok()) return false;
  const auto completion = decoder.completion();
  return completion.ok() && completion->choices.front().finish_reason == "stop";
}

}  // namespace

int main() { return decodes_bodies() && decodes_streams() ? 0 : 1; }
#else
#include <chatwire/limits.hpp>

int main() { return chatwire::limits{}.depth == 128 ? 0 : 1; }
#endif
