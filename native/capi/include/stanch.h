/* libstanch: the masking core of stanch for gateways that are not Python. The same code, the same bytes.
 *
 * Nothing here blocks, prints, or keeps content after a call. A policy may be shared by threads and must outlive its streams;
 * one stream belongs to one thread at a time. Pointers may be NULL only where their length is 0, or where it says so.
 */
#ifndef STANCH_H
#define STANCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a struct or a function changes its meaning. */
#define STANCH_ABI_VERSION 1
uint32_t stanch_abi_version(void);

typedef struct stanch_policy stanch_policy;
typedef struct stanch_stream stanch_stream;

/* Outcome of a call. Anything but STANCH_OK means: do what the policy's on_error says, and never send the rest of the body. */
enum {
    STANCH_OK = 0,
    STANCH_NOT_UTF8 = 1,
    STANCH_TOO_DEEP = 2,
    STANCH_NOT_JSON = 3,
    STANCH_NO_NAME = 4,
    STANCH_TEXT_AFTER = 5,
    STANCH_NOT_JSON_INSIDE = 6,
    STANCH_TOO_LONG = 7,
    STANCH_FAULT = 100 /* a NULL that must not be, or a fault of ours */
};

/* What one call gave. `data` is the library's: give it back with stanch_free. Zero bytes may come as NULL. */
typedef struct {
    int32_t code;
    uint8_t *data;
    size_t n_bytes;
    size_t n_masked;
    size_t n_dropped;
    size_t at; /* the byte position of a refusal */
} stanch_result;

/* Read the compiled masks of one route (the text of stanch.contain.written). NULL where it can't be read. */
stanch_policy *stanch_policy_new(const uint8_t *text, size_t n_bytes);
void stanch_policy_free(stanch_policy *policy); /* may be NULL */

/* Mask one whole JSON body. */
stanch_result stanch_mask(const stanch_policy *policy, const uint8_t *body, size_t n_bytes);

/* Mask a body in chunks: feed any number of times, finish once. After a refusal every call refuses. */
stanch_stream *stanch_stream_new(const stanch_policy *policy); /* NULL for NULL */
stanch_result stanch_stream_feed(stanch_stream *stream, const uint8_t *chunk, size_t n_bytes);
stanch_result stanch_stream_finish(stanch_stream *stream);
void stanch_stream_free(stanch_stream *stream); /* may be NULL */

/* Give back a result's data; once, and harmless for a result without. */
void stanch_free(stanch_result result);

#ifdef __cplusplus
}
#endif
#endif
