// Between the decoder and what C++ callers see of it: shared by bodies and streams.
#pragma once

#include <vector>

#include "chatwire/decode.hpp"
#include "chatwire/issue.hpp"
#include "chatwire/result.hpp"
#include "decode/decoder.hpp"
#include "tape/view.hpp"

namespace chatwire::structs {

/// The tape of the last decode.
tape::view view_of(const decoder& from);

decoder_options decoder_options_of(const decode_options& options, body_kind kind);

/// Why a decode failed, by the first error among its issues.
failure failure_of(const decoded& outcome, const tape::view& tape,
                   const std::vector<issue>& issues);

}  // namespace chatwire::structs
