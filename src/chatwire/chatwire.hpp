// chatwire for C++: one include for all of it.
#pragma once

#include "chatwire/contract.hpp"     // IWYU pragma: export
#include "chatwire/decode.hpp"       // IWYU pragma: export
#include "chatwire/encode.hpp"       // IWYU pragma: export
#include "chatwire/field.hpp"        // IWYU pragma: export
#include "chatwire/issue.hpp"        // IWYU pragma: export
#include "chatwire/issue_codes.hpp"  // IWYU pragma: export
#include "chatwire/limits.hpp"       // IWYU pragma: export
#include "chatwire/models.hpp"       // IWYU pragma: export
#include "chatwire/result.hpp"       // IWYU pragma: export
#include "chatwire/stream.hpp"       // IWYU pragma: export
