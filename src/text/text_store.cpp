#include "text/text_store.hpp"

namespace chatwire::text {

void text_store::start(const std::uint8_t* begin, const std::uint8_t* end, bool surrogates,
                       bool controls) {
  begin_ = begin;
  end_ = end;
  surrogates_ = surrogates;
  controls_ = controls;
  lone_surrogates_ = false;
  error_ = text_error::none;
  error_at_ = nullptr;
  invalid_at_ = nullptr;
  control_at_ = nullptr;
#if CHATWIRE_UTF16_TEXT
  ++decodes_;
#endif
  pool8_.clear();
  text8_.clear();
  pool16_.clear();
  text16_.clear();
}

void text_store::shrink(std::uint32_t bytes) {
  pool8_.shrink(bytes);
  text8_.shrink(bytes);
  pool16_.shrink(bytes / 2);
  text16_.shrink(bytes / 2);
}

std::string_view text_store::narrow(cell from) const {
  const auto view = [&from](const std::uint8_t* base) {
    return std::string_view(reinterpret_cast<const char*>(base) + from.position, from.length());
  };
  switch (from.kind()) {
    case tape::text_kind::pool8:
#if CHATWIRE_UTF16_TEXT
      if (from.position >= tape::first_name) {
        const kept_name& one = names_[from.position - tape::first_name];
        return {reinterpret_cast<const char*>(one.text), one.length};
      }
#endif
      return view(pool8_.data());
    case tape::text_kind::input8:
      return view(begin_);
    case tape::text_kind::text8:
      return view(text8_.data());
    case tape::text_kind::proto:
      return "__proto__";
    default:
      return {};
  }
}

}  // namespace chatwire::text
