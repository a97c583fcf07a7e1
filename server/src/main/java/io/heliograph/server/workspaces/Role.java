package io.heliograph.server.workspaces;

/** What a member may do, from most to least: a viewer sees and never decides. */
public enum Role {
    OWNER,
    ADMIN,
    OPERATOR,
    VIEWER;

    public boolean mayDecide() {
        return this != VIEWER;
    }

    public boolean mayAdminister() {
        return this == OWNER || this == ADMIN;
    }
}
