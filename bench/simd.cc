// simdjson on demand: every value of a document is read as what it is, strings unescaped, numbers as numbers.
#include <simdjson.h>

using namespace simdjson;

namespace
{
size_t read_value(ondemand::value value)
{
    size_t count = 1;
    switch (value.type()) {
    case ondemand::json_type::object:
        for (auto field : value.get_object()) {
            std::string_view key = field.unescaped_key();
            count += read_value(field.value()) + (key.empty() ? 1 : 0);
        }
        return count;
    case ondemand::json_type::array:
        for (auto item : value.get_array()) count += read_value(item.value());
        return count;
    case ondemand::json_type::string:
        return count + (std::string_view(value.get_string()).empty() ? 1 : 0);
    case ondemand::json_type::number:
        return count + (double(value.get_double()) < -1e300 ? 1 : 0);
    case ondemand::json_type::boolean:
        return count + (bool(value.get_bool()) ? 1 : 0);
    default:
        return count;
    }
}
} // namespace

extern "C" size_t simd_read(const char *text, size_t len, size_t room)
{
    static ondemand::parser parser;
    try {
        auto document = parser.iterate(text, len, room);
        return read_value(ondemand::value(document.get_value()));
    } catch (const simdjson_error &) {
        return 0;
    }
}
