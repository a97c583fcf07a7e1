package io.heliograph.spring;

import io.heliograph.gateway.SocketCommand;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import tools.jackson.databind.json.JsonMapper;

/** Finds the {@link SocketEvent} methods of all beans, without creating any: a bean is asked for at its first event. */
final class SocketEventMethods {
    private SocketEventMethods() {}

    /** @throws HeliographStartException when two methods have the same event, or one cannot be called */
    static Map<String, SocketCommand> find(ConfigurableListableBeanFactory beans, JsonMapper json) {
        Map<String, SocketCommand> commands = new LinkedHashMap<>();
        Map<String, Method> methods = new LinkedHashMap<>();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(name, false);
            if (type == null
                    || ScopedProxyUtils.isScopedTarget(name)
                    || !AnnotationUtils.isCandidateClass(type, SocketEvent.class)) {
                continue;
            }
            MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<SocketEvent>)
                            method -> AnnotatedElementUtils.findMergedAnnotation(method, SocketEvent.class))
                    .forEach((method, event) -> {
                        String text = event.value();
                        if (text.isBlank() || text.startsWith("auth:") || text.startsWith("clock:")) {
                            throw new HeliographStartException(
                                    "@SocketEvent(\"" + text + "\") " + method + " has a name that is not free",
                                    "Choose a name that is not blank and begins neither with auth: nor with clock:.");
                        }
                        Method other = methods.put(text, method);
                        if (other != null) {
                            throw new HeliographStartException(
                                    "@SocketEvent(\"" + text + "\") stands at two methods: " + other + " and " + method,
                                    "Give one of them another name.");
                        }
                        commands.put(text, new SocketEventMethod(text, () -> beans.getBean(name), method, json));
                    });
        }
        return commands;
    }
}
