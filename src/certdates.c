/* SPDX-License-Identifier: Apache-2.0 */
/* certdates.c: see certdates.h. As much DER as leads to a certificate's validity (RFC 5280,
 * section 4.1). */
#include "certdates.h"

#include "base64.h"
#include "facts.h"

enum { CERTS_MAX = 100 };

enum {
	DER_INTEGER = 0x02,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_VERSION = 0xa0
};

struct der {
	const unsigned char *at, *end;
};

/* Cuts the next element off; false when it does not fit. */
static bool der_next(struct der *d, unsigned *ret_tag, struct der *ret)
{
	const unsigned char *p = d->at;
	if (d->end - p < 2 || (p[0] & 0x1f) == 0x1f)
		return false;
	unsigned tag = *p++;
	size_t len = *p++;
	if (len & 0x80) {
		size_t n = len & 0x7f;
		if (n == 0 || n > 3 || (size_t)(d->end - p) < n)
			return false;
		for (len = 0; n > 0; n--)
			len = len << 8 | *p++;
	}
	if ((size_t)(d->end - p) < len)
		return false;
	*ret = (struct der){ p, p + len };
	*ret_tag = tag;
	d->at = p + len;
	return true;
}

static bool der_take(struct der *d, unsigned wanted, struct der *ret)
{
	unsigned tag;
	return der_next(d, &tag, ret) && tag == wanted;
}

/* YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ; nothing else is allowed in a certificate. */
static json_t *der_time(struct der *d)
{
	unsigned tag;
	struct der text;
	if (!der_next(d, &tag, &text) || (tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME))
		return NULL;
	size_t n_year = tag == DER_UTC_TIME ? 2 : 4;
	if ((size_t)(text.end - text.at) != n_year + 11 || text.end[-1] != 'Z')
		return NULL;
	for (const unsigned char *p = text.at; p < text.end - 1; p++)
		if (*p < '0' || *p > '9')
			return NULL;
	const char *s = (const char *)text.at + n_year;
	const char *century = tag == DER_GENERALIZED_TIME ? "" : text.at[0] >= '5' ? "19" : "20";
	return json_sprintf("%s%.*s-%.2s-%.2sT%.2s:%.2s:%.2sZ", century, (int)n_year,
			    (const char *)text.at, s, s + 2, s + 4, s + 6, s + 8);
}

static json_t *dates_of(const unsigned char *bytes, size_t n)
{
	struct der all = { bytes, bytes + n }, certificate, signed_part, skipped, validity;
	unsigned tag;
	if (!der_take(&all, DER_SEQUENCE, &certificate) ||
	    !der_take(&certificate, DER_SEQUENCE, &signed_part) ||
	    !der_next(&signed_part, &tag, &skipped))
		return NULL;
	if (tag == DER_VERSION && !der_next(&signed_part, &tag, &skipped))
		return NULL;
	/* serial number; then signature algorithm and issuer */
	if (tag != DER_INTEGER || !der_take(&signed_part, DER_SEQUENCE, &skipped) ||
	    !der_take(&signed_part, DER_SEQUENCE, &skipped) ||
	    !der_take(&signed_part, DER_SEQUENCE, &validity))
		return NULL;
	json_t *before = der_time(&validity), *after = der_time(&validity);
	if (before && after)
		return json_pack("{so so}", "NotBefore", before, "NotAfter", after);
	json_decref(before);
	json_decref(after);
	return NULL;
}

/* The first place of what in text, or NULL. */
static const char *find(const char *text, const char *end, const char *what)
{
	return memmem(text, (size_t)(end - text), what, strlen(what));
}

static json_t *one_certificate(const char *text, size_t n)
{
	size_t len = 0;
	AUTO_FREE char *der = base64_decode(text, n, &len);
	return der ? dates_of((const unsigned char *)der, len) : NULL;
}

json_t *cert_dates(const char *pem, size_t n)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----",
			  stop[] = "-----END CERTIFICATE-----";
	const char *p = pem, *end = pem + n, *tail;
	json_t *list = json_array();
	while ((p = find(p, end, begin))) {
		p += sizeof(begin) - 1;
		tail = find(p, end, stop);
		json_t *dates = tail && json_array_size(list) < CERTS_MAX
					? one_certificate(p, (size_t)(tail - p))
					: NULL;
		if (!dates) {
			json_decref(list);
			return fact_unread("holds a certificate that is not understood");
		}
		json_array_append_new(list, dates);
		p = tail;
	}
	if (json_array_size(list) > 0)
		return list;
	json_decref(list);
	return fact_unread("holds no certificate");
}
