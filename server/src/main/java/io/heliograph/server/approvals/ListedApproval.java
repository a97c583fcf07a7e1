package io.heliograph.server.approvals;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An approval without its large parts, for lists and events. Omitted parts are absent, and {@code action.truncated} is
 * true; {@code GET} of the approval returns all of them. Immutable.
 *
 * @param approval whose parts that were left out are missing nodes or empty
 * @param json without the parts that were left out
 */
record ListedApproval(Approval approval, ObjectNode json) {
    /** Larger parts are omitted. */
    static final int MAX_PART_BYTES = 4 * 1024;

    /** For an event: only args are omitted. */
    static ObjectNode forEvent(Approval approval, JsonMapper mapper) {
        byte[] args = approval.action().args().toString().getBytes(StandardCharsets.UTF_8);
        ObjectNode tree = mapper.valueToTree(approval);
        return args.length > MAX_PART_BYTES ? truncated(tree, true) : tree;
    }

    /**
     * For a list.
     *
     * @param approval whose args and metadata are missing nodes when they were left out, and other parts empty
     * @param truncated whether anything was left out
     */
    static ListedApproval of(Approval approval, boolean truncated, JsonMapper mapper) {
        ObjectNode tree = mapper.valueToTree(approval);
        if (approval.metadata().isMissingNode()) {
            tree.remove("metadata");
        }
        return new ListedApproval(
                approval, truncated ? truncated(tree, approval.action().args().isMissingNode()) : tree);
    }

    private static ObjectNode truncated(ObjectNode tree, boolean withoutArgs) {
        ObjectNode action = tree.withObject("/action");
        if (withoutArgs) {
            action.remove("args");
        }
        action.put("truncated", true);
        return tree;
    }
}
