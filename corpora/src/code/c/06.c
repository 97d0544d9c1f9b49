#define _POSIX_C_SOURCE 200809L
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *list;
    int fd = -1, rc = getaddrinfo(host, port, &hints, &list);

    if (rc != 0) {
        fprintf(stderr, "%s: %s\n", host, gai_strerror(rc));
        return -1;
    }
    for (struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next) {
        if ((fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol)) < 0) continue;
        if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0) break;
        close(fd);
        fd = -1;
    }
    freeaddrinfo(list);
    return fd;
}

int main(int argc, char **argv)
{
    const char *host = argc > 1 ? argv[1] : "localhost";
    const char *body = "{\"name\": \"Zoë\", \"tags\": [\"a\", \"b\"], \"score\": 9.75}";
    char request[1024], reply[4096];
    int fd = connect_to(host, "8080");
    if (fd < 0) return 1;

    int len = snprintf(request, sizeof request, "POST /api/users HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\nConnection: close\r\n\r\n%s", host, strlen(body), body);
    if (write(fd, request, (size_t)len) != len) { perror("write"); close(fd); return 1; }

    for (ssize_t n; (n = read(fd, reply, sizeof reply)) > 0; )
        fwrite(reply, 1, (size_t)n, stdout);    /* headers, blank line, JSON */
    close(fd);
    return 0;
}
