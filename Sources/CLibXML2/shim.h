#ifndef CROSSDOCK_CLIBXML2_SHIM_H
#define CROSSDOCK_CLIBXML2_SHIM_H

// Debian's libxml2 headers pull in ICU's, which clash with those that Foundation brings along.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <libxml/xmlerror.h>

#endif
