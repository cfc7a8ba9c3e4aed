#!/bin/sh
# A Crossdock sink in shell, with jq: a file for each order in a folder.
#
# Class "key": the file's name is the key, and a link can't be made twice, so a second order under one key is impossible. One call is
# worked on at a time; the next waits in the pipe.
set -u

# `sink.sh orders FOLDER KEY`: what the folder holds, for the conformance kit, which takes nobody's word for what a sink has done.
if [ "${1:-}" = orders ]; then
  file="$2/$(printf '%s' "$3" | jq -sRr @uri).json"
  [ -e "$file" ] || { echo '[]'; exit; }
  exec jq -c '[{
    number: ("SH-" + (.key | ltrimstr("crossdock:"))),
    lines: [.lines[] | {quantity, unit_price, description} | with_entries(select(.value != null))]
  }]' "$file"
fi

schema='{
  "type": "object",
  "properties": {
    "folder": {"type": "string", "minLength": 1, "description": "the folder for the orders, which is there"},
    "products": {"type": "array", "items": {"type": "string"}, "description": "the products there are; without it, any"}
  },
  "required": ["folder"],
  "additionalProperties": false
}'
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
sandbox=$(jq -n --arg self "$self" '{
  settings: {folder: "{folder}", products: ["A-1", "A-2"]},
  known_product: "A-1", unknown_product: "NO-SUCH-PRODUCT",
  no_connection: "orders go into a folder: no connection could be lost, and no answer could be late or garbled",
  drafts: false,
  tools: {orders: ["/bin/sh", $self, "orders", "{folder}", "{key}"]}
}')
folder=""
products=null

# Answers are made by jq, so that whatever is in a text can't break the line.
result() { jq -cn --argjson id "$id" --argjson result "$1" '{jsonrpc: "2.0", id: $id, result: $result}'; }
failure() { # code, message
  jq -cn --argjson id "$id" --arg code "$1" --arg message "$2" \
    '{jsonrpc: "2.0", id: $id, error: {code: -32000, message: $message, data: {code: $code}}}'
}

# Of the message: what jq makes of it.
get() { printf '%s\n' "$line" | jq -c "$@"; }

receipt() { # file of an order
  jq -c '{
    erp_order_number: ("SH-" + (.key | ltrimstr("crossdock:"))), state: "confirmed",
    lines: [.lines | to_entries[] | {line: .value.line, erp_line_number: (10 * (.key + 1)), outcome: "accepted"}]
  }' "$1"
}

faults() {
  get --argjson products "$products" '[
    .params.order.lines | to_entries[] | select($products != null)
    | select((.value.erp // .value).product as $product | $products | index($product) | not)
    | {path: "lines[\(.key)].product", message: "there is no such product"}
  ]'
}

create() {
  faults=$(faults)
  if [ "$faults" != "[]" ]; then
    result "{\"answer\": \"rejected\", \"faults\": $faults}"
    return
  fi
  # Members in one order, so that a repeat can be told from another order under the same key.
  if ! get -S '.params.order' >"$new" || ! sync "$new"; then
    failure unavailable "the folder $folder can't be written to"
    return
  fi
  # Bringing it to disk may have taken long, and so may the calls before this one.
  start_by=$(get '.params.context.start_by_ms? // null')
  if [ "$start_by" != null ] && [ "$(date +%s%3N)" -gt "$start_by" ]; then
    rm -f "$new"
    failure not_sent_in_time "the order could not be made soon enough after it was read, and wasn't"
    return
  fi
  ln "$new" "$file" 2>/dev/null
  linked=$?
  sync "$folder"
  if [ "$linked" -eq 0 ] || cmp -s "$new" "$file"; then
    result "{\"answer\": \"accepted\", \"receipt\": $(receipt "$file")}"
  elif [ -e "$file" ]; then
    failure conflict "the key stands for another order"
  else
    failure unavailable "the folder $folder can't be written to"
  fi
  rm -f "$new"
}

initialize() {
  folder=$(get -r '.params.settings.folder? // ""')
  products=$(get '.params.settings.products? // null')
  capabilities=$(get 'if .params | has("settings") then {class: "key", latest_effect_ms: 0, validates: true} else null end')
  result "$(jq -cn --argjson schema "$schema" --argjson sandbox "$sandbox" --argjson capabilities "$capabilities" '{
    contract: "1.0.0", plugin: {name: "shell-example", version: "1.0.0"}, settings_schema: $schema, sandbox: $sandbox
  } + (if $capabilities then {$capabilities} else {} end)')"
}

while IFS= read -r line; do
  id=$(get '.id')
  # A `$/cancel` comes too late here: the call before it has ended.
  [ "$id" != null ] || continue
  method=$(get -r '.method // ""')
  key=$(get -r '.params.key.key? // .params.order.key? // "" | @uri')
  file="$folder/$key.json"
  # Several processes may be at work on one key, each on a file of its own until it is whole.
  new="$file.$$.new"
  case $method in
    initialize) initialize ;;
    shutdown) result '{}'; exit 0 ;;
    check)
      if [ -w "$folder" ]; then
        result "$(jq -cn --arg folder "$folder" '{findings: ["the folder \($folder) can be written to"]}')"
      else
        failure misconfigured "the folder $folder is not there, or can't be written to"
      fi
      ;;
    find)
      if [ -e "$file" ]; then
        result "{\"receipt\": $(receipt "$file")}"
      elif [ -r "$folder" ]; then
        result '{"receipt": null}'
      else
        # A folder that can't be read says nothing of what is in it.
        failure unavailable "the folder $folder can't be read"
      fi
      ;;
    create) create ;;
    validate) result "{\"faults\": $(faults)}" ;;
    *) jq -cn --argjson id "$id" '{jsonrpc: "2.0", id: $id, error: {code: -32601, message: "there is no such method"}}' ;;
  esac
done
