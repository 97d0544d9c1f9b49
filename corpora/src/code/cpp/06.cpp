#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <utility>

struct Request {
    std::string method, path, body;
};

struct Response {
    int status = 200;
    std::string body;
};

std::string jsonEscape(const std::string& text) {
    std::ostringstream out;
    for (const char c : text) {
        switch (c) {
            case '"':  out << "\\\""; break;
            case '\\': out << "\\\\"; break;
            case '\n': out << "\\n"; break;
            default:   out << c;  // UTF-8 such as "ñ" passes through untouched
        }
    }
    return '"' + out.str() + '"';
}

class Router {
public:
    using Handler = std::function<Response(const Request&)>;

    void on(const std::string& method, const std::string& path, Handler handler) { routes_[{method, path}] = std::move(handler); }

    Response dispatch(const Request& request) const try {
        const auto it = routes_.find({request.method, request.path});
        return it != routes_.end() ? it->second(request) : Response{404, R"({"error": "not found"})"};
    } catch (const std::exception& e) {
        return {500, R"({"error": )" + jsonEscape(e.what()) + '}'};
    }

private:
    std::map<std::pair<std::string, std::string>, Handler> routes_;
};
