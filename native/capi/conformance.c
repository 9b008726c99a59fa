/* Masks standard input by the compiled masks in the file that the first argument names: whole, or in chunks of so many bytes as the second says.
 * Prints the result; the exit code is the outcome. Used by tests/native/test_native_capi.py; an example of how to call the library too. */
#include "stanch.h"
#include <stdio.h>
#include <stdlib.h>

static uint8_t *slurp(FILE *file, size_t *n) {
    size_t room = 1 << 16;
    uint8_t *data = malloc(room);
    *n = 0;
    for (;;) {
        size_t got = fread(data + *n, 1, room - *n, file);
        *n += got;
        if (got == 0) return data;
        if (*n == room) data = realloc(data, room *= 2);
    }
}

static int give(stanch_result result) {
    int code = result.code;
    if (code == STANCH_OK) fwrite(result.data, 1, result.n_bytes, stdout);
    else fprintf(stderr, "refused at byte %zu\n", result.at);
    stanch_free(result);
    return code;
}

int main(int argc, char **argv) {
    if (argc < 2 || stanch_abi_version() != STANCH_ABI_VERSION) return 99;
    FILE *file = fopen(argv[1], "rb");
    if (!file) return 98;
    size_t n_text, n_body;
    uint8_t *text = slurp(file, &n_text), *body = slurp(stdin, &n_body);
    fclose(file);
    stanch_policy *policy = stanch_policy_new(text, n_text);
    if (!policy) return 97;
    int code = STANCH_OK;
    if (argc == 2) {
        code = give(stanch_mask(policy, body, n_body));
    } else {
        size_t step = (size_t)atoi(argv[2]);
        stanch_stream *stream = stanch_stream_new(policy);
        for (size_t at = 0; at < n_body && code == STANCH_OK; at += step)
            code = give(stanch_stream_feed(stream, body + at, n_body - at < step ? n_body - at : step));
        if (code == STANCH_OK) code = give(stanch_stream_finish(stream));
        stanch_stream_free(stream);
    }
    stanch_policy_free(policy);
    free(text);
    free(body);
    return code;
}
