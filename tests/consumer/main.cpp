// Uses the installed library as its users do: exit code 0 where it decodes.
#if __has_include(<chatwire/chatwire.hpp>)
#include <chatwire/chatwire.hpp>

int main() {
  const auto result = chatwire::decode(
      R"({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0,
          "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}]})");
  return result.ok() && result.value().choices.size() == 1 ? 0 : 1;
}
#else
#include <chatwire/limits.hpp>

int main() { return chatwire::limits{}.depth == 128 ? 0 : 1; }
#endif
