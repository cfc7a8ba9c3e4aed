#ifndef CROSSDOCK_CLIBXML2_SHIM_H
#define CROSSDOCK_CLIBXML2_SHIM_H

// Debian's libxml2 headers pull in ICU's, which clash with those that Foundation brings along.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <dlfcn.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>

// The functions that XMLKit calls. The library itself isn't linked: with the ICU it brings along it would cost every run memory and
// time, and few runs look at documents.
#define CROSSDOCK_LIBXML2_FUNCTIONS(each) \
    each(xmlInitParser) \
    each(xmlSetExternalEntityLoader) \
    each(xmlSetStructuredErrorFunc) \
    each(xmlNewParserCtxt) \
    each(xmlFreeParserCtxt) \
    each(xmlCtxtReadMemory) \
    each(xmlStopParser) \
    each(xmlFreeEnumeration) \
    each(xmlDocGetRootElement) \
    each(xmlFreeDoc) \
    each(xmlParserInputBufferCreateMem) \
    each(xmlIOParseDTD) \
    each(xmlFreeDtd) \
    each(xmlNewValidCtxt) \
    each(xmlFreeValidCtxt) \
    each(xmlValidateDtd) \
    each(xmlSchemaNewDocParserCtxt) \
    each(xmlSchemaFreeParserCtxt) \
    each(xmlSchemaParse) \
    each(xmlSchemaFree) \
    each(xmlSchemaNewValidCtxt) \
    each(xmlSchemaFreeValidCtxt) \
    each(xmlSchemaValidateDoc) \
    each(xmlSchemaInitTypes)

// Each under its own name and with the type that the header gives it.
struct LibXML2Functions {
#define CROSSDOCK_MEMBER(name) __typeof__(name) *name;
    CROSSDOCK_LIBXML2_FUNCTIONS(CROSSDOCK_MEMBER)
#undef CROSSDOCK_MEMBER
};

// Looks all of them up; answers with the name of the first that the library lacks, or with NULL.
static inline const char *crossdock_libxml2_resolve(void *library, struct LibXML2Functions *functions) {
#define CROSSDOCK_RESOLVE(name) \
    functions->name = (__typeof__(name) *)dlsym(library, #name); \
    if (!functions->name) return #name;
    CROSSDOCK_LIBXML2_FUNCTIONS(CROSSDOCK_RESOLVE)
#undef CROSSDOCK_RESOLVE
    return 0;
}

#endif
