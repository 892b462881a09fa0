// Measures two ways of C++ against each other and prints JSON; bench/native/index.mjs starts it.
//
//   bench_native                                          lists the ways, and versions
//   bench_native body|stream FOLDER THEIRS OURS PLAN      FOLDER: files of one class
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "payloads.hpp"
#include "ways.hpp"

namespace {

using json = nlohmann::ordered_json;

struct plan {
  std::size_t rounds;
  double batch;  // milliseconds
};

/// Microseconds of one pass over all inputs, repeated for at least a batch.
double time(const std::function<void()>& pass, double batch) {
  using clock = std::chrono::steady_clock;
  using microseconds = std::chrono::duration<double, std::micro>;
  const auto start = clock::now();
  double elapsed = 0;
  double count = 0;
  do {
    pass();
    count += 1;
    elapsed = microseconds(clock::now() - start).count();
  } while (elapsed < batch * 1000);
  return elapsed / count;
}

/// Microseconds for a pass of each side, in turn, one for every round.
json interleave(const std::function<void()>& theirs, const std::function<void()>& ours, plan of) {
  time(theirs, 5 * of.batch);
  time(ours, 5 * of.batch);
  json first = json::array();
  json second = json::array();
  for (std::size_t round = 0; round < of.rounds; ++round) {
    // There and back, so that neither always goes first.
    if (round % 2 == 0) first.push_back(time(theirs, of.batch));
    second.push_back(time(ours, of.batch));
    if (round % 2 != 0) first.push_back(time(theirs, of.batch));
  }
  return {{"theirs", first}, {"ours", second}};
}

/// What a way makes of all inputs, in words.
template <class Input, class Way>
std::vector<std::string> told(const std::vector<Input>& inputs, const Way& way) {
  bench::sink sink;
  sink.keeps = true;
  for (const Input& input : inputs) way(input, sink);
  return sink.kept;
}

template <class Input>
json measure(const std::vector<Input>& inputs, const bench::ways<Input>& ways,
             const std::string& theirs, const std::string& ours, plan of) {
  if (told(inputs, ways.at(theirs)) != told(inputs, ways.at(ours)))
    return {{"refused", "Expected values to be the same"}};
  bench::sink sink;
  const auto pass = [&](const std::string& name) {
    return [&sink, &inputs, &way = ways.at(name)] {
      for (const Input& input : inputs) way(input, sink);
    };
  };
  json result = interleave(pass(theirs), pass(ours), of);
  if (!sink.is_used()) return {{"refused", "Results were not used"}};
  return result;
}

template <class Input>
json names(const bench::ways<Input>& ways) {
  json list = json::array();
  for (const auto& [name, way] : ways) list.push_back(name);
  return list;
}

json versions() {
  json all = {{"compiler", __VERSION__}};
  all["nlohmann/json"] = std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + '.' +
                         std::to_string(NLOHMANN_JSON_VERSION_MINOR) + '.' +
                         std::to_string(NLOHMANN_JSON_VERSION_PATCH);
#ifdef BENCH_SIMDJSON
  all["simdjson"] = bench::simdjson_version();
#endif
#ifdef BENCH_RAPIDJSON
  all["RapidJSON"] = bench::rapidjson_version();
#endif
  return all;
}

}  // namespace

int main(int count, char** arguments) {
  bench::ways<std::string> body_ways;
  bench::ways<bench::reads> stream_ways;
  bench::add_chatwire(body_ways, stream_ways);
  bench::add_nlohmann(body_ways, stream_ways);
#ifdef BENCH_SIMDJSON
  bench::add_simdjson(body_ways, stream_ways);
#endif
#ifdef BENCH_RAPIDJSON
  bench::add_rapidjson(body_ways, stream_ways);
#endif
  if (count == 1) {
    std::cout << json({{"body", names(body_ways)},
                       {"stream", names(stream_ways)},
                       {"versions", versions()}})
              << '\n';
    return EXIT_SUCCESS;
  }
  if (count != 6) {
    std::cerr << "Usage: bench_native body|stream FOLDER THEIRS OURS full|quick\n";
    return EXIT_FAILURE;
  }
  const std::string group = arguments[1];
  const std::string folder = arguments[2];
  const plan of = std::string(arguments[5]) == "quick" ? plan{7, 5} : plan{15, 20};
  std::cout << (group == "body"
                    ? measure(bench::read_bodies(folder), body_ways, arguments[3], arguments[4], of)
                    : measure(bench::read_streams(folder), stream_ways, arguments[3], arguments[4],
                              of))
            << '\n';
  return EXIT_SUCCESS;
}
